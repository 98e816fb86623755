using NanoNet.Core.Autograd;
using NanoNet.Core.Randomness;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Kernels.Memory;

namespace NanoNet.Core.Training;

/// <summary>
/// The order in which examples are visited, on their device: at first the order they are in. All epochs share its
/// memory, so what reads it can be recorded. Whoever makes it disposes it.
/// </summary>
internal sealed class ExampleOrder : IDisposable
{
    private readonly Examples _examples;
    private readonly Tensor _places;
    private readonly int[] _order;

    public ExampleOrder(Examples examples)
    {
        _examples = examples;
        _order = new int[examples.Count];
        _places = TensorScope.Outside(() => Tensor.Allocate(examples.Device, new Shape(examples.Count), ElementType.Int32));
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Upload();
    }

    /// <summary>Where the examples lie, one after the other, int32 [count].</summary>
    public DeviceBuffer Places => _places.Buffer;

    /// <summary>Takes up an epoch's own order.</summary>
    /// <param name="key">Where it is drawn from.</param>
    /// <param name="epoch">The epoch.</param>
    public void Shuffle(RandomKey key, int epoch)
    {
        key.Permute(_order, epoch);
        Upload();
    }

    public void Dispose() => _places.Dispose();

    private void Upload()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = _examples.PlaceOf(_order[i]);
        }

        _examples.Device.Backend.Upload<int>(_places.Buffer, _order);
    }
}
