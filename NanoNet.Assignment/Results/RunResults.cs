namespace NanoNet.Assignment.Results;

/// <summary>Everything in results.json, in its order. A part that was not computed yet is left out.</summary>
internal sealed record RunResults
{
    /// <summary>Where the latest command ran.</summary>
    public string Device { get; init; } = "";

    /// <summary>The seed of the latest command.</summary>
    public ulong Seed { get; init; }

    /// <summary>What is known of each model.</summary>
    public ModelsResults Models { get; init; } = new();

    /// <summary>These results with one model's part changed.</summary>
    public RunResults With(ModelKind kind, Func<ModelResults, ModelResults> change)
    {
        var changed = change(Models[kind] ?? new ModelResults());
        return this with { Models = kind == ModelKind.A ? Models with { A = changed } : Models with { B = changed } };
    }
}
