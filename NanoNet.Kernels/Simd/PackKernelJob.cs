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

    public readonly void Run(int index) => PackPanel(index, Target + (nint)index * TileColumns * Pass.Depth);

    /// <summary>Packs panel <paramref name="index"/>: by tap and input channel, its output channels side by side.</summary>
    public readonly void PackPanel(int index, float* target)
    {
        int first = index * TileColumns;
        int columns = Math.Min(TileColumns, Pass.Filters - first);
        if (!Turned)
        {
            PanelPacking<TLanes, TVector>.Pack(target, 0, Kernel + first, Pass.Filters, Pass.Depth, columns);
            return;
        }

        for (int row = Pass.KernelRows - 1; row >= 0; row--)
        {
            for (int column = Pass.KernelColumns - 1; column >= 0; column--, target += (nint)Pass.Channels * TileColumns)
            {
                int tap = (FirstRow + row * StrideRows) * KernelWidth + FirstColumn + column * StrideColumns;
                float* source = Kernel + ((nint)tap * Pass.Filters + first) * Pass.Channels;
                PanelPacking<TLanes, TVector>.PackTransposed(target, 0, source, Pass.Channels, Pass.Channels, columns);
            }
        }
    }
}
