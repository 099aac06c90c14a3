using System.Diagnostics.CodeAnalysis;
using System.Text;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>
/// A regular expression in RE2's syntax and meaning, known to be valid. Immutable. It keeps no program: filters are many, and an index runs each expression
/// but once, so the program is made there.
/// </summary>
internal sealed class Regexp : IEquatable<Regexp>
{
    private Regexp(Utf8Text pattern, RegexpFlags flags)
    {
        Pattern = pattern;
        Flags = flags;
    }

    public Utf8Text Pattern { get; }

    public RegexpFlags Flags { get; }

    /// <summary>Checks an expression.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="letters">The flags; letters that mean nothing are ignored.</param>
    /// <param name="regexp">The expression, if it is one.</param>
    /// <param name="error">Why it is none, in RE2's words.</param>
    public static bool TryParse(Utf8Text pattern, string letters, [NotNullWhen(true)] out Regexp? regexp, [NotNullWhen(false)] out string? error)
    {
        var flags = RegexpFlags.None;
        if (letters.Contains('i', StringComparison.Ordinal)) flags |= RegexpFlags.IgnoreCase;
        if (letters.Contains('m', StringComparison.Ordinal)) flags |= RegexpFlags.MultiLine;
        if (letters.Contains('s', StringComparison.Ordinal)) flags |= RegexpFlags.DotAll;
        regexp = TryCompile(pattern, flags, out _, out error) ? new Regexp(pattern, flags) : null;
        return regexp is not null;
    }

    /// <summary>A program for matchers.</summary>
    public RegexpProgram Compile() =>
        TryCompile(Pattern, Flags, out var program, out var error) ? program : throw new InvalidOperationException($"An expression found valid is not: {error}");

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

    private static bool TryCompile(Utf8Text pattern, RegexpFlags flags, [NotNullWhen(true)] out RegexpProgram? program, [NotNullWhen(false)] out string? error)
    {
        var parser = new RegexpParser(pattern, flags);
        var expression = parser.Parse();
        program = expression is null ? null : RegexpCompiler.Compile(expression);
        error = program is null ? parser.Error ?? "pattern too large - compile failed" : null;
        return program is not null;
    }
}
