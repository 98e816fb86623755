using ILGPU;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;
using Readings = ILGPU.ArrayView<NanoNet.Kernels.Ilgpu.ClockReading>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// What an optimizer does to its parameters, in one pass over them. A model has many small ones, and a launch for each
/// would cost more than the work: a launch takes eight.
/// </summary>
internal sealed class UpdateKernels(KernelQueue queue)
{
    private Action<AcceleratorStream, KernelConfig, Slots, float, float, int, Readings, int>? _sgd;

    /// <summary>A parameter's part of a launch: it has the groups from First to before End.</summary>
    internal readonly struct Slot(ParameterUpdate update, int gradientRows, int first, int end)
    {
        // Without momentum the velocity is read for nothing, and not written; a kernel wants some memory there.
        public readonly Floats Parameter = ((IlgpuBuffer)update.Parameter).Floats;
        public readonly Floats Gradient = ((IlgpuBuffer)update.Gradient).Floats;
        public readonly Floats Velocity = ((IlgpuBuffer)(update.Velocity ?? update.Parameter)).Floats;
        public readonly int HasVelocity = update.Velocity is null ? 0 : 1;
        public readonly int Count = update.Count;
        public readonly int GradientRows = gradientRows;
        public readonly int First = first;
        public readonly int End = end;
    }

    /// <summary>The parameters of a launch. Kernels know no arrays of views, so there are fields.</summary>
    /// <remarks>Eight are 24 views: with more, an OpenCL device need not take them (1,024 bytes).</remarks>
    internal struct Slots
    {
        public const int Count = 8;

        public Slot Slot0;
        public Slot Slot1;
        public Slot Slot2;
        public Slot Slot3;
        public Slot Slot4;
        public Slot Slot5;
        public Slot Slot6;
        public Slot Slot7;

        /// <summary>The parameter that a group works on.</summary>
        public readonly Slot Of(int group)
        {
            var slot = group < Slot0.End ? Slot0 : Slot1;
            slot = group < Slot1.End ? slot : Slot2;
            slot = group < Slot2.End ? slot : Slot3;
            slot = group < Slot3.End ? slot : Slot4;
            slot = group < Slot4.End ? slot : Slot5;
            slot = group < Slot5.End ? slot : Slot6;
            return group < Slot6.End ? slot : Slot7;
        }

        /// <summary>Gives a parameter its groups.</summary>
        public void Set(int index, Slot slot)
        {
            switch (index)
            {
                case 0: Slot0 = slot; break;
                case 1: Slot1 = slot; break;
                case 2: Slot2 = slot; break;
                case 3: Slot3 = slot; break;
                case 4: Slot4 = slot; break;
                case 5: Slot5 = slot; break;
                case 6: Slot6 = slot; break;
                default: Slot7 = slot; break;
            }
        }
    }

    // ── Kernel ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>Updates all; where it is to move the clock, that is a last group's work.</summary>
    internal static void SgdKernel(
        Slots slots, float rate, float momentum, int nesterov, Readings clock, int movesClock)
    {
        var slot = slots.Of(Grid.IdxX);
        int i = (Grid.IdxX - slot.First) * Group.DimX + Group.IdxX;
        if (movesClock != 0 && Grid.IdxX == Grid.DimX - 1)
        {
            if (Group.IdxX == 0)
            {
                DeviceClock.Advance(clock);
            }
        }
        else if (i < slot.Count)
        {
            // All is read before anything is waited for. A gradient of several rows is their sum: the bias of a layer,
            // whose rows are the examples.
            float parameter = slot.Parameter[i];
            float velocity = slot.Velocity[i];
            var rows = new Axis(i, slot.Count, slot.GradientRows);
            float step = rate * rows.Fold<Sum>(slot.Gradient, 1, slot.Gradient[i]);
            if (slot.HasVelocity == 0)
            {
                slot.Parameter[i] = parameter - step;
            }
            else
            {
                float v = momentum * velocity - step;
                slot.Velocity[i] = v;
                slot.Parameter[i] = parameter + (nesterov != 0 ? momentum * v - step : v);
            }
        }
    }

    // ── Launcher ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// <summary>Updates all; without rows, each gradient has one.</summary>
    public void Sgd(
        ReadOnlySpan<ParameterUpdate> updates, ReadOnlySpan<int> gradientRows,
        float rate, float momentum, bool nesterov, Readings clock, bool movesClock)
    {
        while (!updates.IsEmpty)
        {
            int count = Math.Min(Slots.Count, updates.Length);
            bool isLast = count == updates.Length;
            Launch(updates[..count], gradientRows, rate, momentum, nesterov, clock, movesClock && isLast);
            updates = updates[count..];
            gradientRows = gradientRows.IsEmpty ? gradientRows : gradientRows[count..];
        }
    }

    private void Launch(
        ReadOnlySpan<ParameterUpdate> updates, ReadOnlySpan<int> gradientRows,
        float rate, float momentum, bool nesterov, Readings clock, bool movesClock)
    {
        var slots = default(Slots);
        int groups = 0;
        for (int i = 0; i < Slots.Count; i++)
        {
            // A slot that is left over repeats the last parameter, of which no group is left for it.
            int index = Math.Min(i, updates.Length - 1);
            var update = updates[index];
            int first = groups;
            groups += i < updates.Length ? queue.Threads(update.Count).GridDim.X : 0;
            slots.Set(i, new Slot(update, gradientRows.IsEmpty ? 1 : gradientRows[index], first, groups));
        }

        queue.Load(ref _sgd, SgdKernel)(
            queue.Stream, new KernelConfig(groups + (movesClock ? 1 : 0), queue.Group),
            slots, rate, momentum, nesterov ? 1 : 0, clock, movesClock ? 1 : 0);
    }
}
