using System.CommandLine;
using NanoNet.Assignment;
using NanoNet.Benchmarks;
using NanoNet.Kernels;

var model = new Option<ModelKind>("--model") { Description = "A (a perceptron) or B (a convolutional net).", DefaultValueFactory = _ => ModelKind.A };
var batch = new Option<int>("--batch") { Description = "Examples of a step.", DefaultValueFactory = _ => 32 };
var device = new Option<DeviceChoice>("--device") { Description = "auto, cuda, opencl, cpu or ilgpucpu.", DefaultValueFactory = _ => DeviceChoice.Auto };
var threads = new Option<int>("--threads") { Description = "Threads of the SIMD engine; 0 for one a core.", DefaultValueFactory = _ => 0 };

var exact = new Option<bool>("--exact") { Description = "Without Winograd's method." };

var precision = new Option<Precision>("--precision")
{
    Description = "float32, or with tensor cores tf32 or tf32x3.", DefaultValueFactory = _ => Precision.Float32,
};

var steps = new Command("steps", "Times a training step and a prediction of Model A or B: the code that Fit and Predict run.")
{
    model, batch, device, threads, exact, precision,
};
steps.SetAction(result => StepBenchmark.Run(
    result.GetValue(model), result.GetValue(batch), result.GetValue(device), result.GetValue(threads), result.GetValue(exact),
    result.GetValue(precision), Console.Out));

var filter = new Option<string>("--filter") { Description = "Only cases whose name contains this.", DefaultValueFactory = _ => "" };
var kernels = new Command("kernels", "Runs BenchmarkDotNet over the kernels on every device present, the SIMD engine as baseline.")
{
    filter,
};
kernels.SetAction(result => KernelBenchmarks.RunAll(result.GetValue(filter)!));

var limits = new Command("cpu-limits", "Each kernel of the SIMD engine on the models' shapes, as a share of what this machine can do.")
{
    batch, threads, filter,
};
limits.SetAction(result => CpuLimits.Run(result.GetValue(batch), result.GetValue(threads), result.GetValue(filter)!));

var large = new Option<bool>("--large") { Description = "Matrix products of 4096 and 8192 rows and columns too." };
var plans = new Option<string[]>("--plan")
{
    Description = "Each product with these plans (tile:splits, as in large:4) and not its sizes' own; on a GPU engine.",
    AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
};
var deviceKernels = new Command("device-kernels", "Each kernel of a training step on one device, one line each: time, operations and bytes a second.")
{
    device, batch, filter, large, precision, plans,
};
deviceKernels.SetAction(result => DeviceKernels.Run(
    result.GetValue(device), result.GetValue(batch), result.GetValue(filter)!, result.GetValue(large), result.GetValue(precision),
    result.GetValue(plans)!, Console.Out));

var root = new RootCommand("NanoNet's benchmarks. Build with -c Release, and run nothing else meanwhile.") { steps, kernels, limits, deviceKernels };
try
{
    return root.Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (DeviceUnavailableException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
