namespace NanoNet.Kernels.Simd;

/// <summary>Where a tile lies: its image, its first output, and for how many outputs it is cut, 4, 3 or 2 down and across.</summary>
internal readonly record struct WinogradTile(int Image, int Row, int Column, int Height, int Width);
