using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace NanoNet.Assignment.CommandLine;

/// <summary>Options whose errors are sentences that say what was expected.</summary>
internal static class OptionParsing
{
    /// <summary>One of a few words, in any case.</summary>
    public static Option<T> Choice<T>(
        string name, string thing, string description, params (string Word, T Value)[] choices)
    {
        var words = choices.Select(choice => choice.Word).ToArray();
        var option = new Option<T>(name)
        {
            Description = description,
            // Else a value that happens to be a list could be given as many words, of which all but one are lost.
            Arity = ArgumentArity.ExactlyOne,
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                string word = result.Tokens[0].Value;
                foreach (var choice in choices)
                {
                    if (choice.Word.Equals(word, StringComparison.OrdinalIgnoreCase))
                    {
                        return choice.Value;
                    }
                }

                string known = $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
                return Refuse<T>(result, $"There is no {thing} '{word}'; {name} takes {known}.");
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>A whole number of at least 1, or as given. A million is more than anyone means.</summary>
    public static Option<int?> Whole(
        string name, string helpName, string description, int most = 1_000_000, int least = 1) =>
        Parsed<int?>(
            name, helpName, description, $"a whole number from {least} to {most}",
            text => TryWhole(text, out int number) && number >= least && number <= most
                ? number
                : null);

    /// <summary>
    /// The positive whole number among an option's words, or null: for validators, which fail when they ask an option
    /// for its value and that cannot be parsed.
    /// </summary>
    public static int? WholeIn(OptionResult? option) =>
        option?.Tokens is [var word] && TryWhole(word.Value, out int number) && number > 0 ? number : null;

    /// <summary>A number above 0.</summary>
    public static Option<float?> Positive(string name, string helpName, string description) =>
        Parsed<float?>(
            name, helpName, description, "a number above 0, such as 0.01",
            text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
                && float.IsFinite(number) && number > 0
                ? number
                : null);

    /// <summary>A whole number of 64 bits.</summary>
    public static Option<ulong?> Seed(string name, string description) =>
        Parsed<ulong?>(
            name, "N", description, $"a whole number from 0 to {ulong.MaxValue}",
            text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? number
                : null);

    /// <summary>A folder. An empty name, as an unset variable of the shell leaves it, is none.</summary>
    public static Option<string?> Folder(string name, string description) =>
        Parsed<string?>(
            name, "DIR", description, "the name of a folder", text => string.IsNullOrWhiteSpace(text) ? null : text);

    /// <summary>Something that is wanted or not; it takes no value.</summary>
    public static Option<bool> Flag(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.Zero,
    };

    private static bool TryWhole(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static Option<T> Parsed<T>(
        string name, string helpName, string description, string expected, Func<string, T> parse) => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => parse(result.Tokens[0].Value) is { } value
                ? value
                : Refuse<T>(result, $"{name} takes {expected}, not '{result.Tokens[0].Value}'."),
        };

    private static T Refuse<T>(ArgumentResult result, string sentence)
    {
        result.AddError(sentence);
        return default!;
    }
}
