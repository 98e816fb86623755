namespace NanoNet.Kernels.Simd;

/// <summary>Packs one panel of the kernel.</summary>
internal unsafe struct PackKernelJob<TLanes, TVector> : IParallelJob
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public ConvolutionPass Pass;

    /// <summary>Where the panels go, one after the other.</summary>
    public float* Target;

    /// <summary>HWIO.</summary>
    public float* Kernel;

    /// <summary>For the input gradient: taps in falling order, some of them only, channels exchanged.</summary>
    public bool Turned;

    public int KernelWidth;
    public int FirstRow;
    public int FirstColumn;
    public int StrideRows;
    public int StrideColumns;

    private static int TileColumns => ProductTile<TLanes, TVector>.Columns;

    public readonly void Run(int index)
    {
        nint tap = (nint)Pass.Channels * TileColumns;
        PackPanel(index, Target + index * Pass.KernelRows * Pass.KernelColumns * tap, tap);
    }

    /// <summary>
    /// Packs panel <paramref name="index"/>: by tap and input channel, its output channels side by side. Taps lie
    /// <paramref name="tap"/> floats apart.
    /// </summary>
    public readonly void PackPanel(int index, float* target, nint tap)
    {
        int first = index * TileColumns;
        int columns = Math.Min(TileColumns, Pass.Filters - first);
        for (int place = 0; place < Pass.KernelRows * Pass.KernelColumns; place++, target += tap)
        {
            nint size = (nint)Pass.Channels * Pass.Filters;
            if (Turned)
            {
                float* source = Kernel + TurnedTap(place) * size + (nint)first * Pass.Channels;
                PanelPacking<TLanes, TVector>.PackTransposed(target, 0, source, Pass.Channels, Pass.Channels, columns);
            }
            else
            {
                PanelPacking<TLanes, TVector>.Pack(target, 0, Kernel + place * size + first, Pass.Filters, Pass.Channels, columns);
            }
        }
    }

    private readonly int TurnedTap(int place)
    {
        int row = Pass.KernelRows - 1 - place / Pass.KernelColumns;
        int column = Pass.KernelColumns - 1 - place % Pass.KernelColumns;
        return (FirstRow + row * StrideRows) * KernelWidth + FirstColumn + column * StrideColumns;
    }
}
