using ILGPU;
using ILGPU.Runtime;
using NanoNet.Kernels.Formulas;
using NanoNet.Kernels.Geometry;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>Kernels that compute each element by itself, one thread an element.</summary>
internal sealed class ElementwiseKernels(KernelQueue queue)
{
    private readonly Dictionary<Type, Delegate> _unary = [];
    private readonly Dictionary<Type, Delegate> _unaryGradient = [];
    private readonly Dictionary<Type, Delegate> _binary = [];
    private readonly Dictionary<Type, Delegate> _broadcast = [];
    private Action<AcceleratorStream, KernelConfig, Floats, Floats, float, float, int>? _affine;
    private Action<AcceleratorStream, KernelConfig, Floats, float, int>? _fill;

    // ── Kernels ──────────────────────────────────────────────────────────────────────────────────────────────────────

    internal static void FillKernel(Floats y, float value, int count)
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            y[i] = value;
        }
    }

    internal static void AffineKernel(Floats y, Floats x, float scale, float shift, int count)
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            y[i] = scale * x[i] + shift;
        }
    }

    internal static void UnaryKernel<TFormula>(Floats y, Floats x, int count) where TFormula : struct, IUnaryFormula
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            y[i] = TFormula.Apply(x[i]);
        }
    }

    internal static void UnaryGradientKernel<TFormula>(Floats dx, Floats dy, Floats x, Floats y, int count)
        where TFormula : struct, IUnaryFormula
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            dx[i] = dy[i] * TFormula.Derivative(x[i], y[i]);
        }
    }

    internal static void BinaryKernel<TFormula>(Floats y, Floats a, Floats b, int count)
        where TFormula : struct, IBinaryFormula
    {
        int i = Grid.GlobalIndex.X;
        if (i < count)
        {
            y[i] = TFormula.Apply(a[i], b[i]);
        }
    }

    internal static void BroadcastKernel<TFormula>(Floats y, Floats a, Floats b, BroadcastIndex index)
        where TFormula : struct, IBinaryFormula
    {
        int i = Grid.GlobalIndex.X;
        if (i < index.Count)
        {
            var (placeA, placeB) = index.Places(i);
            y[i] = TFormula.Apply(a[placeA], b[placeB]);
        }
    }

    // ── Launchers ────────────────────────────────────────────────────────────────────────────────────────────────────

    public void Fill(IlgpuBuffer y, float value, int count) =>
        queue.Load(ref _fill, FillKernel)(queue.Stream, queue.Threads(count), y.Floats, value, count);

    public void Affine(IlgpuBuffer y, IlgpuBuffer x, float scale, float shift, int count) =>
        queue.Load(ref _affine, AffineKernel)(
            queue.Stream, queue.Threads(count), y.Floats, x.Floats, scale, shift, count);

    public void Unary<TFormula>(IlgpuBuffer y, IlgpuBuffer x, int count) where TFormula : struct, IUnaryFormula =>
        queue.Load<Action<AcceleratorStream, KernelConfig, Floats, Floats, int>>(
            _unary, typeof(TFormula), UnaryKernel<TFormula>)(
            queue.Stream, queue.Threads(count), y.Floats, x.Floats, count);

    public void UnaryGradient<TFormula>(IlgpuBuffer dx, IlgpuBuffer dy, IlgpuBuffer x, IlgpuBuffer y, int count)
        where TFormula : struct, IUnaryFormula =>
        queue.Load<Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, Floats, int>>(
            _unaryGradient, typeof(TFormula), UnaryGradientKernel<TFormula>)(
            queue.Stream, queue.Threads(count), dx.Floats, dy.Floats, x.Floats, y.Floats, count);

    public void Binary<TFormula>(IlgpuBuffer y, IlgpuBuffer a, IlgpuBuffer b, BroadcastGeometry geometry)
        where TFormula : struct, IBinaryFormula
    {
        int count = geometry.Count;
        if (geometry.IsElementwise)
        {
            queue.Load<Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, int>>(
            _binary, typeof(TFormula), BinaryKernel<TFormula>)(
                queue.Stream, queue.Threads(count), y.Floats, a.Floats, b.Floats, count);
        }
        else
        {
            queue.Load<Action<AcceleratorStream, KernelConfig, Floats, Floats, Floats, BroadcastIndex>>(
            _broadcast, typeof(TFormula), BroadcastKernel<TFormula>)(
                queue.Stream, queue.Threads(count), y.Floats, a.Floats, b.Floats, new BroadcastIndex(geometry));
        }
    }
}
