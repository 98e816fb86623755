using NanoNet.Tests.Checking;

namespace NanoNet.Tests.Kernels.Cases;

/// <content>Copying and filling.</content>
internal static partial class KernelCases
{
    private static IEnumerable<KernelCase> Memory()
    {
        foreach (int count in OddSizes)
        {
            yield return new($"Copy {count}", count, run =>
            {
                var values = new Numbers($"Copy {count}").Uniform(count);
                var x = run.Input(values);
                var y = run.Output(count);
                run.Backend.Copy(y, x, count * 4L);
                run.Expect(y, () => values, Tolerance.Exact);
            });
            yield return new($"Fill {count}", count, run =>
            {
                var y = run.Output(count);
                run.Backend.Fill(y, 2.5f, count);
                run.Expect(y, () => new Reference.NdArray(count).Map(_ => 2.5), Tolerance.Exact);
            });
        }

        yield return new("Copy of the first 7 of 31", 7, run =>
        {
            var values = new Numbers("Copy").Uniform(31);
            var x = run.Input(values);
            var y = run.Output(7);
            run.Backend.Copy(y, x, 28);
            run.Expect(y, () => new([7], values.Values[..7]), Tolerance.Exact);
        });
        yield return new("Upload and Download 33", 33, run =>
        {
            var values = new Numbers("Upload").Uniform(33);
            var y = run.Output(33);
            run.Backend.Upload<float>(y, values.Floats);
            float[] read = new float[33];
            run.Backend.Download<float>(read, y);
            Check.Close("Download 33", values, read, Tolerance.Exact);
            run.Expect(y, () => values, Tolerance.Exact);
        });
    }
}
