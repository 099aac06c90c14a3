using System.Text;

namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>
/// Text against a pattern of characters, <c>*</c> (any number of any) and <c>?</c> (any one), with <c>\</c> before one that is meant literally. Takes time
/// in proportion to the product of both lengths at the worst, whatever the pattern.
/// </summary>
internal sealed class TextPattern : ValueTest
{
    private static readonly Rune AnyRun = new('*');

    private readonly (PatternStep Step, Rune Literal)[] _steps;
    private readonly bool _ignoreCase;

    private TextPattern(IEnumerable<(PatternStep Step, Rune Literal)> steps, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        _steps = [.. steps.Select(step => (step.Step, Fold(step.Literal)))];
    }

    /// <summary>When the pattern is a mere beginning: that.</summary>
    public QueryValue? Beginning { get; private init; }

    public static TextPattern Wildcard(string pattern, bool ignoreCase) => new(Parse(pattern), ignoreCase);

    public static TextPattern Prefix(string prefix, bool ignoreCase) =>
        new([.. Literals(prefix), (PatternStep.AnyRun, AnyRun)], ignoreCase) { Beginning = ignoreCase ? null : QueryValue.Of(prefix) };

    public static TextPattern Literal(string text, bool ignoreCase) => new(Literals(text), ignoreCase);

    public override bool Passes(FieldValue value)
    {
        if (value.Type != FieldValueType.Text) return false;

        // Greedy, going back to the last star only: what an earlier star took need never be reconsidered.
        var text = value.Text;
        var step = 0;
        var afterStar = -1;
        var resume = text;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (step < _steps.Length && _steps[step].Step == PatternStep.AnyRun)
            {
                afterStar = ++step;
                resume = text;
            }
            else if (step < _steps.Length && (_steps[step].Step == PatternStep.AnyOne || _steps[step].Literal == Fold(rune)))
            {
                step++;
                text = text[length..];
            }
            else if (afterStar >= 0)
            {
                Rune.DecodeFromUtf8(resume, out _, out var passed);
                resume = resume[passed..];
                text = resume;
                step = afterStar;
            }
            else
            {
                return false;
            }
        }

        while (step < _steps.Length && _steps[step].Step == PatternStep.AnyRun) step++;
        return step == _steps.Length;
    }

    private static IEnumerable<(PatternStep Step, Rune Literal)> Literals(string text) => text.EnumerateRunes().Select(rune => (PatternStep.Literal, rune));

    private static IEnumerable<(PatternStep Step, Rune Literal)> Parse(string pattern)
    {
        var escaped = false;
        foreach (var rune in pattern.EnumerateRunes())
        {
            if (escaped)
            {
                escaped = false;
                yield return (PatternStep.Literal, rune);
                continue;
            }

            escaped = rune.Value == '\\';
            if (!escaped) yield return (StepOf(rune), rune);
        }

        if (escaped) yield return (PatternStep.Literal, new Rune('\\'));
    }

    private static PatternStep StepOf(Rune rune) => rune.Value switch
    {
        '*' => PatternStep.AnyRun,
        '?' => PatternStep.AnyOne,
        _ => PatternStep.Literal,
    };

    private Rune Fold(Rune rune) => _ignoreCase ? Rune.ToLowerInvariant(rune) : rune;
}
