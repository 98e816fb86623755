using ILGPU;
using Floats = ILGPU.ArrayView<float>;

namespace NanoNet.Kernels.Ilgpu;

/// <summary>
/// 3 × 3 convolutions at stride 1, and their gradients, by Winograd's F(4 × 4, 3 × 3): inputs and filters are
/// transformed, multiplied at 36 places over all channels, and the products transformed back. A quarter of the
/// multiply-adds, for more traffic (<see cref="WinogradTiling.Pays"/>).
/// </summary>
/// <remarks>
/// <para>With n images, (p, q) an output pixel, c a channel, f a filter, t a tile and s = 6 · line + column one of its
/// 36 places, all transforms by <see cref="WinogradLines"/> down the columns and along the lines:</para>
/// <code>
/// forward          inputs [t, s, c] · filters [s, c, f]            → products [s, t, f] → y
/// input gradient   the same with dy for x, and filters [c, s, f] of taps from the last to the first
/// filter gradient  Σ over t of inputs [s, t, c] · gradients [s, t, f] → products [s, c, f] → dfilter
/// </code>
/// <para>The layouts make each set of 36 products one matrix product whose depth, place by place, is cut in 36 parts
/// that are not added up (<see cref="ProductKernels.MultiplyParts"/>): no kernel of its own.</para>
/// <para>A thread transforms one tile of one channel, neighbouring threads neighbouring channels: all loads and stores
/// are of neighbours. A tile's 36 values stay in registers.</para>
/// </remarks>
internal sealed partial class WinogradKernels(KernelQueue queue, ProductKernels products)
{
    /// <summary>Bᵀ d B of each tile's inputs, to t · tileStride + s · placeStride + c.</summary>
    internal static void InputKernel(
        Floats transformed, Floats x, WinogradTiling tiling, FastDivisor divideByChannels, int channels,
        int tileStride, int placeStride)
    {
        int tile = divideByChannels.Divide(Grid.GlobalIndex.X);
        int channel = Grid.GlobalIndex.X - tile * channels;
        if (tile >= tiling.Count)
        {
            return;
        }

        var (image, row, column) = tiling.At(tile);
        var source = new TilePixels(
            image * tiling.InputHeight, row - tiling.PadTop, column - tiling.PadLeft,
            tiling.InputHeight, tiling.InputWidth, channels, channel);
        var line0 = WinogradLines.Input(source.Six(x, 0));
        var line1 = WinogradLines.Input(source.Six(x, 1));
        var line2 = WinogradLines.Input(source.Six(x, 2));
        var line3 = WinogradLines.Input(source.Six(x, 3));
        var line4 = WinogradLines.Input(source.Six(x, 4));
        var line5 = WinogradLines.Input(source.Six(x, 5));
        int place = tile * tileStride + channel;
        Store(transformed, place, placeStride, WinogradLines.Input(
            new(line0.P0, line1.P0, line2.P0, line3.P0, line4.P0, line5.P0)));
        Store(transformed, place + placeStride, placeStride, WinogradLines.Input(
            new(line0.P1, line1.P1, line2.P1, line3.P1, line4.P1, line5.P1)));
        Store(transformed, place + 2 * placeStride, placeStride, WinogradLines.Input(
            new(line0.P2, line1.P2, line2.P2, line3.P2, line4.P2, line5.P2)));
        Store(transformed, place + 3 * placeStride, placeStride, WinogradLines.Input(
            new(line0.P3, line1.P3, line2.P3, line3.P3, line4.P3, line5.P3)));
        Store(transformed, place + 4 * placeStride, placeStride, WinogradLines.Input(
            new(line0.P4, line1.P4, line2.P4, line3.P4, line4.P4, line5.P4)));
        Store(transformed, place + 5 * placeStride, placeStride, WinogradLines.Input(
            new(line0.P5, line1.P5, line2.P5, line3.P5, line4.P5, line5.P5)));
    }

    /// <summary>
    /// G g Gᵀ of each filter [3, 3, c, f], to c · channelStride + s · placeStride + f; with <paramref
    /// name="isReversed"/> of the taps from the last to the first.
    /// </summary>
    internal static void FilterKernel(
        Floats transformed, Floats filter, FastDivisor divideByFilters, int channels, int filters, int isReversed,
        int channelStride, int placeStride)
    {
        int channel = divideByFilters.Divide(Grid.GlobalIndex.X);
        int f = Grid.GlobalIndex.X - channel * filters;
        if (channel >= channels)
        {
            return;
        }

        int tap = channels * filters;
        int first = channel * filters + f + (isReversed != 0 ? 8 * tap : 0);
        tap = isReversed != 0 ? -tap : tap;
        var column0 = WinogradLines.Filter(filter[first], filter[first + 3 * tap], filter[first + 6 * tap]);
        var column1 = WinogradLines.Filter(filter[first + tap], filter[first + 4 * tap], filter[first + 7 * tap]);
        var column2 = WinogradLines.Filter(filter[first + 2 * tap], filter[first + 5 * tap], filter[first + 8 * tap]);
        int place = channel * channelStride + f;
        StoreLine(transformed, place, placeStride, WinogradLines.Filter(column0.P0, column1.P0, column2.P0));
        StoreLine(transformed, place + 6 * placeStride, placeStride, WinogradLines.Filter(
            column0.P1, column1.P1, column2.P1));
        StoreLine(transformed, place + 12 * placeStride, placeStride, WinogradLines.Filter(
            column0.P2, column1.P2, column2.P2));
        StoreLine(transformed, place + 18 * placeStride, placeStride, WinogradLines.Filter(
            column0.P3, column1.P3, column2.P3));
        StoreLine(transformed, place + 24 * placeStride, placeStride, WinogradLines.Filter(
            column0.P4, column1.P4, column2.P4));
        StoreLine(transformed, place + 30 * placeStride, placeStride, WinogradLines.Filter(
            column0.P5, column1.P5, column2.P5));
    }

    /// <summary>
    /// Aᵀ m A of each tile's products [s, t, f], with bias and ReLU, or a mask, as a product's results are.
    /// </summary>
    internal static void OutputKernel(
        Floats y, Floats products, Floats bias, WinogradTiling tiling, FastDivisor divideByFilters, ProductShape shape)
    {
        int filters = shape.Columns;
        int tile = divideByFilters.Divide(Grid.GlobalIndex.X);
        int f = Grid.GlobalIndex.X - tile * filters;
        if (tile >= tiling.Count)
        {
            return;
        }

        // The mask is on its way with the products: between stores, each of its elements would be waited for.
        var (image, row, column) = tiling.At(tile);
        var target = new TilePixels(
            image * tiling.Height, row, column, tiling.Height, tiling.Width, filters, f);
        float one = shape.HasBias != 0 ? bias[f] : 0;
        var mask = shape.HasMask != 0 ? LoadMask(bias, target) : default;
        int stride = tiling.Count * filters;
        int place = tile * filters + f;
        var column0 = WinogradLines.Output(LoadColumn(products, place, stride));
        var column1 = WinogradLines.Output(LoadColumn(products, place + stride, stride));
        var column2 = WinogradLines.Output(LoadColumn(products, place + 2 * stride, stride));
        var column3 = WinogradLines.Output(LoadColumn(products, place + 3 * stride, stride));
        var column4 = WinogradLines.Output(LoadColumn(products, place + 4 * stride, stride));
        var column5 = WinogradLines.Output(LoadColumn(products, place + 5 * stride, stride));
        StoreOutputs(y, shape, target, 0, one, mask.Row0, WinogradLines.Output(
            new(column0.X, column1.X, column2.X, column3.X, column4.X, column5.X)));
        StoreOutputs(y, shape, target, 1, one, mask.Row1, WinogradLines.Output(
            new(column0.Y, column1.Y, column2.Y, column3.Y, column4.Y, column5.Y)));
        StoreOutputs(y, shape, target, 2, one, mask.Row2, WinogradLines.Output(
            new(column0.Z, column1.Z, column2.Z, column3.Z, column4.Z, column5.Z)));
        StoreOutputs(y, shape, target, 3, one, mask.Row3, WinogradLines.Output(
            new(column0.W, column1.W, column2.W, column3.W, column4.W, column5.W)));
    }

    /// <summary>A dy Aᵀ of each tile's output gradients, to [s, t, f].</summary>
    internal static void OutputGradientKernel(
        Floats transformed, Floats dy, WinogradTiling tiling, FastDivisor divideByFilters, int filters)
    {
        int tile = divideByFilters.Divide(Grid.GlobalIndex.X);
        int f = Grid.GlobalIndex.X - tile * filters;
        if (tile >= tiling.Count)
        {
            return;
        }

        var (image, row, column) = tiling.At(tile);
        var source = new TilePixels(
            image * tiling.Height, row, column, tiling.Height, tiling.Width, filters, f);
        var line0 = WinogradLines.OutputGradient(source.Four(dy, 0));
        var line1 = WinogradLines.OutputGradient(source.Four(dy, 1));
        var line2 = WinogradLines.OutputGradient(source.Four(dy, 2));
        var line3 = WinogradLines.OutputGradient(source.Four(dy, 3));
        int stride = tiling.Count * filters;
        int place = tile * filters + f;
        Store(transformed, place, stride, WinogradLines.OutputGradient(new(line0.P0, line1.P0, line2.P0, line3.P0)));
        Store(transformed, place + stride, stride, WinogradLines.OutputGradient(
            new(line0.P1, line1.P1, line2.P1, line3.P1)));
        Store(transformed, place + 2 * stride, stride, WinogradLines.OutputGradient(
            new(line0.P2, line1.P2, line2.P2, line3.P2)));
        Store(transformed, place + 3 * stride, stride, WinogradLines.OutputGradient(
            new(line0.P3, line1.P3, line2.P3, line3.P3)));
        Store(transformed, place + 4 * stride, stride, WinogradLines.OutputGradient(
            new(line0.P4, line1.P4, line2.P4, line3.P4)));
        Store(transformed, place + 5 * stride, stride, WinogradLines.OutputGradient(
            new(line0.P5, line1.P5, line2.P5, line3.P5)));
    }

    /// <summary>Gᵀ p G of each filter's products [s, split, c, f], summed over splits, to dfilter [3, 3, c, f].</summary>
    internal static void FilterGradientKernel(Floats dfilter, Floats products, int count, int splits)
    {
        int i = Grid.GlobalIndex.X;
        if (i >= count)
        {
            return;
        }

        // All 36 places of a split at once: as many loads are on their way together.
        int stride = splits * count;
        var sum0 = LoadColumn(products, i, stride);
        var sum1 = LoadColumn(products, i + stride, stride);
        var sum2 = LoadColumn(products, i + 2 * stride, stride);
        var sum3 = LoadColumn(products, i + 3 * stride, stride);
        var sum4 = LoadColumn(products, i + 4 * stride, stride);
        var sum5 = LoadColumn(products, i + 5 * stride, stride);
        for (int place = i + count; place < stride; place += count)
        {
            sum0 = Six.Add(sum0, LoadColumn(products, place, stride));
            sum1 = Six.Add(sum1, LoadColumn(products, place + stride, stride));
            sum2 = Six.Add(sum2, LoadColumn(products, place + 2 * stride, stride));
            sum3 = Six.Add(sum3, LoadColumn(products, place + 3 * stride, stride));
            sum4 = Six.Add(sum4, LoadColumn(products, place + 4 * stride, stride));
            sum5 = Six.Add(sum5, LoadColumn(products, place + 5 * stride, stride));
        }

        var column0 = WinogradLines.FilterGradient(sum0);
        var column1 = WinogradLines.FilterGradient(sum1);
        var column2 = WinogradLines.FilterGradient(sum2);
        var column3 = WinogradLines.FilterGradient(sum3);
        var column4 = WinogradLines.FilterGradient(sum4);
        var column5 = WinogradLines.FilterGradient(sum5);
        StoreTaps(dfilter, i, count, WinogradLines.FilterGradient(
            new(column0.X, column1.X, column2.X, column3.X, column4.X, column5.X)));
        StoreTaps(dfilter, i + 3 * count, count, WinogradLines.FilterGradient(
            new(column0.Y, column1.Y, column2.Y, column3.Y, column4.Y, column5.Y)));
        StoreTaps(dfilter, i + 6 * count, count, WinogradLines.FilterGradient(
            new(column0.Z, column1.Z, column2.Z, column3.Z, column4.Z, column5.Z)));
    }

    // One column of places, the lines of which are six places apart.
    private static Six LoadColumn(Floats source, int place, int stride) => new(
        source[place], source[place + 6 * stride], source[place + 12 * stride],
        source[place + 18 * stride], source[place + 24 * stride], source[place + 30 * stride]);

    private static void Store(Floats target, int place, int stride, Six column)
    {
        target[place] = column.P0;
        target[place + 6 * stride] = column.P1;
        target[place + 12 * stride] = column.P2;
        target[place + 18 * stride] = column.P3;
        target[place + 24 * stride] = column.P4;
        target[place + 30 * stride] = column.P5;
    }

    private static void StoreLine(Floats target, int place, int stride, Six line)
    {
        target[place] = line.P0;
        target[place + stride] = line.P1;
        target[place + 2 * stride] = line.P2;
        target[place + 3 * stride] = line.P3;
        target[place + 4 * stride] = line.P4;
        target[place + 5 * stride] = line.P5;
    }

    private static void StoreTaps(Floats target, int place, int stride, Float4 taps)
    {
        target[place] = taps.X;
        target[place + stride] = taps.Y;
        target[place + 2 * stride] = taps.Z;
    }

    private static ResultTile LoadMask(Floats mask, TilePixels target) => new()
    {
        Row0 = target.Four(mask, 0),
        Row1 = target.Four(mask, 1),
        Row2 = target.Four(mask, 2),
        Row3 = target.Four(mask, 3),
    };

    private static void StoreOutputs(
        Floats y, ProductShape shape, TilePixels target, int line, float bias, Float4 mask, Float4 values)
    {
        bool isMasked = shape.HasMask != 0;
        StoreOutput(y, target, line, 0, ProductKernels.Finish(values.X, isMasked ? mask.X : bias, shape));
        StoreOutput(y, target, line, 1, ProductKernels.Finish(values.Y, isMasked ? mask.Y : bias, shape));
        StoreOutput(y, target, line, 2, ProductKernels.Finish(values.Z, isMasked ? mask.Z : bias, shape));
        StoreOutput(y, target, line, 3, ProductKernels.Finish(values.W, isMasked ? mask.W : bias, shape));
    }

    private static void StoreOutput(Floats y, TilePixels target, int line, int column, float value)
    {
        if (target.IsInside(line, column))
        {
            y[target.Find(line, column)] = value;
        }
    }
}
