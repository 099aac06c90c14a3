using System.Globalization;

namespace Kuzzle.Edge.Configuration.Trees;

/// <summary>A value without parts.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Value">A <see cref="bool"/>, a <see cref="double"/>, a <see cref="string"/>, or null (which means: as if it were not written).</param>
/// <param name="RawText">What stood in an environment variable or on the command line, where text and number look alike; else null.</param>
internal sealed record SettingScalar(Origin Origin, object? Value, string? RawText = null) : SettingNode(Origin)
{
    /// <summary>The text it is, or would be if its setting wants text: <c>kuzzle_x__secret=123</c> is the secret "123".</summary>
    public string? Text => RawText ?? Value as string;

    /// <inheritdoc/>
    public override string Describe() => Value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => number.ToString(CultureInfo.InvariantCulture),
        string text => $"the text \"{text.ReplaceLineEndings(" ")}\"",
        _ => throw new InvalidOperationException($"A scalar of type {Value.GetType()}."),
    };
}
