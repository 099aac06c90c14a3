using System.Diagnostics.CodeAnalysis;
using System.Text;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>A regular expression in RE2's syntax and meaning. Immutable; matching is a <see cref="RegexpMatcher"/>'s.</summary>
internal sealed class Regexp : IEquatable<Regexp>
{
    private Regexp(Utf8Text pattern, RegexpFlags flags, RegexpProgram program)
    {
        Pattern = pattern;
        Flags = flags;
        Program = program;
    }

    public Utf8Text Pattern { get; }

    public RegexpFlags Flags { get; }

    public RegexpProgram Program { get; }

    /// <summary>Parses and compiles an expression.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="letters">The flags; letters that mean nothing are ignored.</param>
    /// <param name="regexp">The compiled expression.</param>
    /// <param name="error">Why there is none, in RE2's words.</param>
    public static bool TryParse(Utf8Text pattern, string letters, [NotNullWhen(true)] out Regexp? regexp, [NotNullWhen(false)] out string? error)
    {
        var flags = RegexpFlags.None;
        if (letters.Contains('i', StringComparison.Ordinal)) flags |= RegexpFlags.IgnoreCase;
        if (letters.Contains('m', StringComparison.Ordinal)) flags |= RegexpFlags.MultiLine;
        if (letters.Contains('s', StringComparison.Ordinal)) flags |= RegexpFlags.DotAll;
        var parser = new RegexpParser(pattern, flags);
        var expression = parser.Parse();
        var program = expression is null ? null : RegexpCompiler.Compile(expression);
        regexp = program is null ? null : new Regexp(pattern, flags, program);
        error = regexp is null ? parser.Error ?? "pattern too large - compile failed" : null;
        return regexp is not null;
    }

    /// <summary>The letters that mean something, in one order.</summary>
    public string Letters()
    {
        var letters = new StringBuilder();
        if (Flags.HasFlag(RegexpFlags.IgnoreCase)) letters.Append('i');
        if (Flags.HasFlag(RegexpFlags.MultiLine)) letters.Append('m');
        if (Flags.HasFlag(RegexpFlags.DotAll)) letters.Append('s');
        return letters.ToString();
    }

    public bool Equals(Regexp? other) => other is not null && Flags == other.Flags && Pattern.Equals(other.Pattern);

    public override bool Equals(object? obj) => Equals(obj as Regexp);

    public override int GetHashCode() => HashCode.Combine(Pattern, Flags);
}
