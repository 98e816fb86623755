using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <summary>
/// What can be done better when a whole step is known. Each rewrite leaves the numbers as they are; to the bit, but for
/// the order of sums, where it says so.
/// </summary>
internal static partial class PlanRewrites
{
    /// <summary>All of them.</summary>
    /// <param name="recorded">The step as it was recorded.</param>
    /// <param name="result">What is read when the step is over.</param>
    /// <param name="backend">Who will do it.</param>
    /// <param name="once">Calls to make once, before the first run.</param>
    /// <returns>The step.</returns>
    public static List<PlannedCall> Apply(
        IReadOnlyList<PlannedCall> recorded, DeviceBuffer? result, IBackend backend, out List<PlannedCall> once)
    {
        List<PlannedCall> calls = [.. recorded];
        DropUnread(calls, result);
        MaskBehindPooling(calls, result);
        DrawMaskOnce(calls, result);
        if (backend is IFusesCalls engine)
        {
            GatherTogether(calls, engine);
            LossTogether(calls, engine);
            MaskInProducts(calls, result);
            SumInUpdates(calls, engine);
        }

        if (backend.PrefersFewCalls)
        {
            UpdateTogether(calls);
        }
        else
        {
            UpdateEarly(calls);
        }

        if (backend is IUpdatesInProducts updater)
        {
            UpdateInProducts(calls, updater, result);
        }

        if (backend is IFusesCalls and IReplaysSteps)
        {
            MoveClockInUpdate(calls);
        }

        once = TakeOutConstants(calls);
        return calls;
    }

    /// <summary>What nobody reads is not computed: the mean loss of a step, for one.</summary>
    public static void DropUnread(List<PlannedCall> calls, DeviceBuffer? result)
    {
        var wanted = new HashSet<DeviceBuffer>();
        for (int i = calls.Count - 1; i >= 0; i--)
        {
            if (calls[i].Writes.Any(buffer => buffer is not PlannedBuffer || buffer == result || wanted.Contains(buffer)))
            {
                wanted.UnionWith(calls[i].Reads);
            }
            else
            {
                calls.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// Where max-pooling follows a ReLU, the way back masks the pooled gradient, not the one that pooling has spread
    /// out: a quarter of the elements for windows of 2 x 2.
    /// </summary>
    /// <remarks>
    /// A window's gradient goes to the place of its largest value, and that value is the pooled output: both masks say
    /// the same. The bias' gradient is a sum over the windows now, so it may round differently.
    /// </remarks>
    public static void MaskBehindPooling(List<PlannedCall> calls, DeviceBuffer? result)
    {
        foreach (var relu in calls.OfType<ReluBiasGradientCall>().ToArray())
        {
            if (relu.Dy != result
                && OnlyWriter(calls, relu.Dy) is MaxPool2DGradientCall gradient
                && gradient.Geometry.Channels == relu.Columns
                && calls.Count(call => call.Reads.Contains(relu.Dy)) == 1
                && OnlyWriter(calls, gradient.ArgMax) is MaxPool2DCall pool
                && pool.X == relu.Y
                && OnlyWriter(calls, pool.X) is not null
                && OnlyWriter(calls, pool.Y) is not null
                && OnlyWriter(calls, gradient.Dy) is not null)
            {
                var geometry = gradient.Geometry;
                int rows = geometry.OutputCount / geometry.Channels;
                var masked = new PlannedBuffer(gradient.Dy.ByteLength, gradient.Dy.Device);
                calls.Remove(gradient);
                int place = calls.IndexOf(relu);
                calls[place] = new ReluBiasGradientCall(masked, relu.Dbias, gradient.Dy, pool.Y, rows, relu.Columns);
                calls.Insert(place + 1, new MaxPool2DGradientCall(relu.Dz, masked, gradient.ArgMax, geometry));
            }
        }
    }

    /// <summary>
    /// Where dropout follows a ReLU, its output says all that the way back needs: it is positive where the ReLU was and
    /// the element was kept. So the mask's random numbers are not drawn again, and dropout can work in place.
    /// </summary>
    /// <remarks>
    /// What is scaled is the same, what is zeroed too: only the sign of a zero may differ, which moves no weight.
    /// </remarks>
    public static void DrawMaskOnce(List<PlannedCall> calls, DeviceBuffer? result)
    {
        foreach (var relu in calls.OfType<ReluBiasGradientCall>().ToArray())
        {
            if (relu.Dy != result
                && OnlyWriter(calls, relu.Dy) is DropoutCall back
                && calls.Count(call => call.Reads.Contains(relu.Dy)) == 1
                && calls.TakeWhile(call => call != back).OfType<DropoutCall>()
                    .FirstOrDefault(call => call.X == relu.Y && call.Mask == back.Mask) is { } there
                && OnlyWriter(calls, there.X) is not null
                && OnlyWriter(calls, there.Y) is not null
                && there.Count == back.Count)
            {
                calls[calls.IndexOf(back)] = new AffineCall(back.Y, back.X, back.Mask.Scale, 0, back.Count);
                calls[calls.IndexOf(relu)] =
                    new ReluBiasGradientCall(relu.Dz, relu.Dbias, relu.Dy, there.Y, relu.Rows, relu.Columns);
            }
        }
    }

    /// <summary>
    /// A parameter is updated as soon as nobody reads its old value any more, while its gradient is in the cache, and
    /// the gradient's memory is free for the next one.
    /// </summary>
    public static void UpdateEarly(List<PlannedCall> calls)
    {
        foreach (var update in calls.OfType<SgdUpdateCall>().ToArray())
        {
            int place = calls.IndexOf(update);
            calls.RemoveAt(place);
            while (place > 0 && !MustFollow(update, calls[place - 1]))
            {
                place--;
            }

            calls.Insert(place, update);
        }
    }

    /// <summary>Updates that follow one another are one call, so that a GPU starts one kernel and not one a parameter.</summary>
    public static void UpdateTogether(List<PlannedCall> calls)
    {
        for (int i = calls.Count - 1; i > 0; i--)
        {
            if (calls[i - 1] is SgdUpdateCall first && calls[i] is SgdUpdateCall second
                && (first.Rate, first.Momentum, first.Nesterov) == (second.Rate, second.Momentum, second.Nesterov)
                && !first.Writes.Any(second.Touches) && !second.Writes.Any(first.Touches))
            {
                int[] rows = [.. first.GradientRows, .. second.GradientRows];
                calls[i - 1] = new SgdUpdateCall(
                    [.. first.Updates, .. second.Updates], first.Rate, first.Momentum, first.Nesterov,
                    rows.Any(count => count > 1) ? rows : null);
                calls.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// What has the same value in every step is computed once: the gradient 1 from which the way back starts.
    /// </summary>
    /// <returns>The calls taken out.</returns>
    public static List<PlannedCall> TakeOutConstants(List<PlannedCall> calls)
    {
        List<PlannedCall> constants = [.. calls.OfType<FillCall>().Where(fill => OnlyWriter(calls, fill.Output) == fill)];
        calls.RemoveAll(constants.Contains);
        return constants;
    }

    /// <summary>
    /// Weights that do not change are rearranged for their products once: the transforms of Winograd's kernels, for one.
    /// </summary>
    /// <param name="calls">The step.</param>
    /// <param name="engine">Who rearranges them.</param>
    /// <param name="constants">Buffers that do not change while the plan is in use.</param>
    /// <returns>Calls to make once, before the first run.</returns>
    public static List<PlannedCall> PackWeights(
        List<PlannedCall> calls, IPacksWeights engine, IReadOnlyCollection<DeviceBuffer> constants)
    {
        var once = new List<PlannedCall>();
        for (int i = 0; i < calls.Count; i++)
        {
            if (calls[i] is MatMulCall product && constants.Contains(product.B) && engine.PackedCount(product.Geometry) is > 0 and var count)
            {
                var packed = new PlannedBuffer(count * sizeof(float), product.B.Device);
                once.Add(new([packed], [product.B], _ => engine.Pack(PlannedBuffer.Of(packed), product.B, product.Geometry)));
                calls[i] = product.WithPacked(engine, packed);
            }
            else if (calls[i] is Conv2DCall convolution && constants.Contains(convolution.Filter)
                && engine.PackedCount(convolution.Geometry) is > 0 and var floats)
            {
                var packed = new PlannedBuffer(floats * sizeof(float), convolution.Filter.Device);
                once.Add(new(
                    [packed], [convolution.Filter], _ => engine.Pack(PlannedBuffer.Of(packed), convolution.Filter, convolution.Geometry)));
                calls[i] = convolution.WithPacked(engine, packed);
            }
        }

        return once;
    }

    // The call that gives a buffer of the plan its contents, when there is just one: then whoever reads it reads the
    // same.
    private static PlannedCall? OnlyWriter(List<PlannedCall> calls, DeviceBuffer buffer)
    {
        var writers = calls.Where(call => call.Writes.Contains(buffer)).Take(2).ToList();
        return buffer is PlannedBuffer && writers.Count == 1 ? writers[0] : null;
    }

    private static bool MustFollow(PlannedCall call, PlannedCall earlier) =>
        call.Writes.Any(earlier.Touches) || call.Reads.Any(buffer => earlier.Writes.Contains(buffer));
}
