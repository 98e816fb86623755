using NanoNet.Kernels.Geometry;
using NanoNet.Kernels.Memory;

namespace NanoNet.Kernels.Plans;

/// <content>Several calls become one that an engine has for them (<see cref="IFusesCalls"/>).</content>
internal static partial class PlanRewrites
{
    /// <summary>A batch's inputs and their targets are gathered by one call.</summary>
    public static void GatherTogether(List<PlannedCall> calls, IFusesCalls engine)
    {
        foreach (var first in calls.OfType<GatherCall>().ToArray())
        {
            var second = calls.SkipWhile(call => call != first).OfType<GatherCall>().FirstOrDefault(call =>
                call != first
                && (call.Indices, call.Clock) == (first.Indices, first.Clock)
                && engine.FusesGathers(first.Geometry, call.Geometry));
            if (second is not null && CanMeetAtLast(calls, [first, second]))
            {
                calls[calls.IndexOf(second)] = new GatherTogetherCall(first, second);
                calls.Remove(first);
            }
        }
    }

    /// <summary>
    /// The losses of a batch, what they add to the totals, and the gradient they start are one call. The losses
    /// themselves need no memory then.
    /// </summary>
    /// <remarks>The sums over the classes run in another order.</remarks>
    public static void LossTogether(List<PlannedCall> calls, IFusesCalls engine)
    {
        foreach (var loss in calls.OfType<LossCall>().ToArray())
        {
            var (logits, targets, kind, rows, columns) = loss.Operands;
            var metrics = calls.OfType<MetricsCall>().FirstOrDefault(call => call.Losses == loss.Losses);
            var gradient = calls.OfType<LossGradientCall>().FirstOrDefault(call => call.Operands == loss.Operands);
            PlannedCall[] parts = [.. new PlannedCall?[] { loss, metrics, gradient }.OfType<PlannedCall>()];
            if (metrics is null
                || metrics.Operands != loss.Operands
                || OnlyWriter(calls, loss.Losses) != loss
                || calls.Count(call => call.Reads.Contains(loss.Losses)) > 1
                || !engine.FusesLoss(rows, columns)
                || !CanMeetAtLast(calls, parts))
            {
                continue;
            }

            calls[parts.Max(calls.IndexOf)] = new LossStepCall(
                metrics.Metrics, gradient?.Dlogits, gradient?.Upstream, loss.Operands);
            calls.RemoveAll(parts.Contains);
        }
    }

    /// <summary>
    /// The mask of a ReLU is laid on the gradient as the product that it comes from is stored, and so is the scale of a
    /// dropout between the two: neither goes through memory of its own. The bias' gradient becomes a sum by itself.
    /// </summary>
    public static void MaskInProducts(List<PlannedCall> calls, DeviceBuffer? result)
    {
        foreach (var relu in calls.OfType<ReluBiasGradientCall>().ToArray())
        {
            float scale = 1;
            var gradient = relu.Dy;
            PlannedCall? scaling = null;
            if (OnlyWriter(calls, gradient) is AffineCall { Shift: 0 } affine && IsReadOnce(calls, gradient, result))
            {
                (scaling, gradient, scale) = (affine, affine.X, affine.Scale);
            }

            if (!IsReadOnce(calls, gradient, result) || OnlyWriter(calls, gradient) is not { } product)
            {
                continue;
            }

            var masked = product switch
            {
                MatMulCall { IsPlain: true } multiply => multiply.Masked(relu.Dz, relu.Y, scale),
                Conv2DInputGradientCall convolve => convolve.Masked(relu.Dz, relu.Y, scale),
                _ => null,
            };
            PlannedCall[] parts = [.. new[] { product, scaling, relu }.OfType<PlannedCall>()];
            if (masked is not null && CanMeetAtLast(calls, parts))
            {
                int place = calls.IndexOf(relu);
                calls[place] = masked;
                calls.Insert(place + 1, new ReduceSumCall(
                    relu.Dbias, relu.Dz, new ReduceGeometry(1, relu.Rows, relu.Columns), 1));
                calls.RemoveAll(parts.Contains);
            }
        }
    }

    /// <summary>
    /// A bias' gradient, a sum of rows, is finished by the update that reads it, which sums the last rows itself:
    /// without a launch where they are few, with one instead of two where they are many.
    /// </summary>
    /// <remarks>The rows are summed in another order then.</remarks>
    public static void SumInUpdates(List<PlannedCall> calls, IFusesCalls engine)
    {
        foreach (var sum in calls.OfType<ReduceSumCall>().ToArray())
        {
            var (outer, rows, columns) = sum.Geometry;
            int left = outer == 1 && sum.Scale == 1 ? engine.RowsForUpdate(rows, columns) : 1;
            var readers = calls.Where(call => call.Reads.Contains(sum.Y)).ToArray();
            if (left == 1
                || OnlyWriter(calls, sum.Y) is null
                || OnlyWriter(calls, sum.X) is null
                || readers is not [SgdUpdateCall { Updates: [var update] } reader]
                || update.Gradient != sum.Y
                || update.Count != columns)
            {
                continue;
            }

            int place = calls.IndexOf(sum);
            var gradient = sum.X;
            calls.RemoveAt(place);
            if (left < rows)
            {
                gradient = new PlannedBuffer((long)left * columns * sizeof(float), sum.X.Device);
                calls.Insert(place, new PlannedCall([gradient], [sum.X], to => ((IFusesCalls)to).SumRowsPartly(
                    PlannedBuffer.Of(gradient), PlannedBuffer.Of(sum.X), rows, columns)));
            }

            calls[calls.IndexOf(reader)] = new SgdUpdateCall(
                [update with { Gradient = gradient }], reader.Rate, reader.Momentum, reader.Nesterov, [left]);
        }
    }

    /// <summary>
    /// The update with which a step ends moves the clock on to the next one: when it runs, all that read the time have.
    /// </summary>
    public static void MoveClockInUpdate(List<PlannedCall> calls)
    {
        StepClock[] clocks = [.. calls.Select(call => call.Clock).OfType<StepClock>().Distinct()];
        if (clocks.Length == 1 && calls is [.., SgdUpdateCall last])
        {
            calls[^1] = last.MovingClock();
        }
    }

    /// <summary>A kernel is updated by the product that is its gradient, which then goes through no memory.</summary>
    public static void UpdateInProducts(List<PlannedCall> calls, IUpdatesInProducts engine, DeviceBuffer? result)
    {
        foreach (var update in calls.OfType<SgdUpdateCall>().ToArray())
        {
            if (update.Updates is [{ Velocity: null } only]
                && IsReadOnce(calls, only.Gradient, result)
                && OnlyWriter(calls, only.Gradient) is MatMulCall { IsPlain: true } product
                && only.Count == product.Geometry.M * product.Geometry.N
                && engine.UpdatesInProduct(product.Geometry)
                && CanMeetAtLast(calls, [product, update]))
            {
                calls[calls.IndexOf(update)] = product.Updating(only.Parameter, update.Rate);
                calls.Remove(product);
            }
        }
    }

    private static bool IsReadOnce(List<PlannedCall> calls, DeviceBuffer buffer, DeviceBuffer? result) =>
        buffer != result && calls.Count(call => call.Reads.Contains(buffer)) == 1;

    // Whether some calls may all be made where the last of them is: what they read is not written meanwhile, and what
    // they write nobody else touches.
    private static bool CanMeetAtLast(List<PlannedCall> calls, PlannedCall[] parts)
    {
        int first = parts.Min(calls.IndexOf);
        int last = parts.Max(calls.IndexOf);
        return !calls[first..(last + 1)].Except(parts).Any(other => parts
            .Where(part => calls.IndexOf(part) < calls.IndexOf(other))
            .Any(part => MustFollow(other, part)));
    }
}
