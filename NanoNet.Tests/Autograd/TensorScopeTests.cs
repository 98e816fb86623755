using NanoNet.Core.Autograd;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Tests.Checking;
using Xunit;

namespace NanoNet.Tests.Autograd;

/// <summary>Who owns a tensor, and when its memory goes back.</summary>
public sealed class TensorScopeTests
{
    private static Device Device => Engines.Simd.Device;

    [Fact]
    public void A_scope_gives_back_what_was_made_in_it()
    {
        long before = Device.LiveBytes;
        using (new TensorScope())
        {
            var x = Tensor.Ones(Device, new(100));
            _ = (x * x) + 1;
            Assert.True(Device.LiveBytes >= before + 1200);
        }

        Assert.Equal(before, Device.LiveBytes);
    }

    [Fact]
    public void A_tensor_of_an_ended_scope_says_so()
    {
        Tensor x;
        using (new TensorScope())
        {
            x = Tensor.Ones(Device, new(2, 3));
        }

        var failure = Assert.Throws<ObjectDisposedException>(() => x.ToArray());
        Assert.Contains("This tensor of shape (2, 3) was disposed, or its TensorScope has ended", failure.Message, StringComparison.Ordinal);
        Assert.Contains("scope.Keep(tensor)", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Tensor (2, 3), disposed", x.ToString());
        using var scope = new TensorScope();
        Assert.Throws<ObjectDisposedException>(() => x + 1);
    }

    [Fact]
    public void Outside_any_scope_the_caller_owns_and_disposing_twice_does_no_harm()
    {
        long before = Device.LiveBytes;
        var x = Tensor.Ones(Device, new(100));
        Assert.True(Device.LiveBytes > before);
        x.Dispose();
        x.Dispose();
        Assert.Equal(before, Device.LiveBytes);
    }

    [Fact]
    public void Keep_hands_a_tensor_to_the_scope_around()
    {
        using var outer = new TensorScope();
        Tensor kept;
        using (var inner = new TensorScope())
        {
            var x = Tensor.Full(Device, 3, new(4));
            kept = inner.Keep(x * x);
        }

        Assert.Equal([9, 9, 9, 9], kept.ToArray());
    }

    [Fact]
    public void Keep_hands_a_tensor_to_the_caller_where_there_is_no_scope_around()
    {
        Tensor kept;
        using (var scope = new TensorScope())
        {
            kept = scope.Keep(Tensor.Full(Device, 3, new(4)) + 1);
        }

        Assert.Equal([4, 4, 4, 4], kept.ToArray());
        kept.Dispose();
    }

    [Fact]
    public void A_scope_left_open_inside_ends_with_the_one_around()
    {
        long before = Device.LiveBytes;
        using (new TensorScope())
        {
#pragma warning disable CA2000 // Left open on purpose.
            _ = new TensorScope();
#pragma warning restore CA2000
            _ = Tensor.Ones(Device, new(100));
        }

        Assert.Equal(before, Device.LiveBytes);
        var x = Tensor.Ones(Device, new(100));
        Assert.True(Device.LiveBytes > before, "a scope was still open");
        x.Dispose();
    }

    [Fact]
    public void A_view_outlives_its_source()
    {
        long before = Device.LiveBytes;
        var x = Tensor.From(Device, [1, 2, 3, 4], new(2, 2));
        var view = x.Reshape(4);
        x.Dispose();
        Assert.Equal([1, 2, 3, 4], view.ToArray());
        view.Dispose();
        Assert.Equal(before, Device.LiveBytes);
    }

    [Fact]
    public void Parameters_are_never_in_a_scope()
    {
        Sequential model;
        using (new TensorScope())
        {
            model = new Sequential("Made in a scope", Device, new Shape(3), [new Dense(2, ActivationFunction.Softmax)]);
        }

        Assert.Equal(6, model.Parameters[0].ToArray().Length);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Parameters[0].ToArray());
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = new TensorScope();
        long before = Device.LiveBytes;
        Tensor? made = null;
        var thread = new Thread(() => made = Tensor.Ones(Device, new(100)));
        thread.Start();
        thread.Join();
        scope.Dispose();
        Assert.True(Device.LiveBytes > before, "a scope took a tensor of another thread");
        made!.Dispose();
    }
}
