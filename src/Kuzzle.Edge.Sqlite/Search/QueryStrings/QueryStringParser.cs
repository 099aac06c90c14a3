using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.QueryStrings;

/// <summary>
/// Reads a <c>query_string</c>: Lucene's language of <c>field:word</c>, phrases, ranges, wildcards, <c>AND OR NOT + - ( )</c>. A wrong text is refused.
/// </summary>
internal sealed class QueryStringParser(QueryStringOptions options)
{
    /// <summary>Deeper than people write; each level is a few frames of this parser.</summary>
    private const int MaxDepth = 32;

    private const string Special = "+-!():^[]\"{}~*?\\/&|<>=";

    private readonly string _text = options.Text;
    private int _at;
    private int _depth;

    public QueryNode Parse()
    {
        var node = ParseClauses(field: null);
        SkipSpaces();
        if (_at < _text.Length) throw Fault($"unexpected [{_text[_at]}]");
        return options.Boost == 1 ? node : new BoolQuery { Must = [node], Boost = options.Boost };
    }

    private QueryNode ParseClauses(string? field)
    {
        if (++_depth > MaxDepth) throw Fault($"more than {MaxDepth} levels");
        var clauses = new List<(Occurrence Occurrence, QueryNode Query)>();
        for (SkipSpaces(); _at < _text.Length && _text[_at] != ')'; SkipSpaces())
        {
            var joinsAnd = TakeWord("AND") || TakeWord("&&");
            var joinsOr = !joinsAnd && (TakeWord("OR") || TakeWord("||"));
            if ((joinsAnd || joinsOr) && clauses.Count == 0) throw Fault("an operand is missing before the operator");
            SkipSpaces();
            var modifier = TakeModifier();
            SkipSpaces();
            if (_at >= _text.Length || _text[_at] == ')') throw Fault("an operand is missing at the end");
            Add(clauses, joinsAnd, joinsOr, modifier, ParseClause(field));
        }

        _depth--;
        return Combine(clauses);
    }

    /// <summary>As Lucene does: AND makes the clause before it, too, one that must match; with AND by default, OR makes it one that may.</summary>
    private void Add(List<(Occurrence Occurrence, QueryNode Query)> clauses, bool joinsAnd, bool joinsOr, Occurrence? modifier, QueryNode query)
    {
        if (clauses.Count > 0 && clauses[^1].Occurrence != Occurrence.MustNot)
        {
            if (joinsAnd) clauses[^1] = (Occurrence.Must, clauses[^1].Query);
            else if (options.NeedsAll && joinsOr) clauses[^1] = (Occurrence.Should, clauses[^1].Query);
        }

        var byDefault = joinsAnd || (options.NeedsAll && !joinsOr) ? Occurrence.Must : Occurrence.Should;
        clauses.Add((modifier ?? byDefault, query));
    }

    private QueryNode Combine(List<(Occurrence Occurrence, QueryNode Query)> clauses)
    {
        if (clauses.Count == 0) return new NoDocument();
        if (clauses is [(not Occurrence.MustNot, var only)]) return only;
        List<QueryNode> Of(Occurrence wanted) => [.. clauses.Where(clause => clause.Occurrence == wanted).Select(static clause => clause.Query)];
        var (must, should) = (Of(Occurrence.Must), Of(Occurrence.Should));
        var needed = must.Count == 0 && should.Count > 0 ? 1 : 0;
        if (_depth == 0 && options.MinimumShouldMatch is { } minimum && should.Count > 0) needed = Math.Max(needed, MinimumShouldMatch.Of(minimum, should.Count));
        return new BoolQuery { Must = must, Should = should, MustNot = Of(Occurrence.MustNot), MinimumShouldMatch = needed };
    }

    private QueryNode ParseClause(string? field)
    {
        if (TakeField() is { } named) field = named;
        SkipSpaces();
        if (field is "_exists_") return options.Exists(TakeTerm(out _));
        if (_at >= _text.Length) throw Fault("a value is missing at the end");
        var node = _text[_at] switch
        {
            '(' => ParseGroup(field),
            '"' => ParsePhrase(field),
            '[' or '{' => ParseRange(field),
            '>' or '<' => ParseOpenRange(field),
            '/' => ParseRegexp(field),
            _ => ParseTerm(field),
        };
        if (!Take('^')) return node;
        var digits = TakeTerm(out _);
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var boost) && double.IsFinite(boost) && boost >= 0
            ? new BoolQuery { Must = [node], Boost = boost }
            : throw Fault($"[^{digits}] is no boost");
    }

    private QueryNode ParseGroup(string? field)
    {
        _at++;
        var node = ParseClauses(field);
        return Take(')') ? node : throw Fault("expected [)]");
    }

    private QueryNode ParsePhrase(string? field)
    {
        var text = TakeQuoted();
        if (!Take('~')) return options.Phrase(field, text, slop: null);
        var digits = TakeTerm(out _);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var slop)
            ? options.Phrase(field, text, slop)
            : throw Fault($"[~{digits}] is no slop");
    }

    private QueryNode ParseRange(string? field)
    {
        var bounds = new JsonObject();
        var lower = _text[_at++] == '[' ? "gte" : "gt";
        var from = TakeEnd();
        SkipSpaces();
        if (!TakeWord("TO")) throw Fault("expected [TO] in a range");
        var to = TakeEnd();
        SkipSpaces();
        var upper = Take(']') ? "lte" : Take('}') ? "lt" : throw Fault("expected []] or [}] at the end of a range");
        if (from != "*") bounds[lower] = from;
        if (to != "*") bounds[upper] = to;
        return options.Range(field, ElementOf(bounds));
    }

    private QueryNode ParseOpenRange(string? field)
    {
        var name = _text[_at++] == '>' ? "gt" : "lt";
        if (Take('=')) name += "e";
        SkipSpaces();
        return options.Range(field, ElementOf(new JsonObject { [name] = TakeEnd() }));
    }

    private QueryNode ParseRegexp(string? field)
    {
        var expression = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != '/'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '/') _at++;
            expression.Append(_text[_at]);
        }

        return Take('/') ? options.Regexp(field, expression.ToString()) : throw Fault("expected [/] at the end of an expression");
    }

    private QueryNode ParseTerm(string? field)
    {
        var start = _at;
        var text = TakeTerm(out var pattern);
        if (_at == start) throw Fault($"unexpected [{_text[_at]}]");
        if (_at < _text.Length && _text[_at] == '~') throw SearchRefusedException.BadRequest($"[{options.Clause}] fuzzy words ([{text}~]) are not supported");
        if (pattern is null) return options.Words(field, text);
        if (pattern is "*") return field is null or "*" ? new EveryDocument(1) : options.Exists(field);
        return options.Wildcard(field, pattern);
    }

    /// <summary>A field's name, if a colon follows it.</summary>
    private string? TakeField()
    {
        var start = _at;
        var name = TakeTerm(out var pattern);
        if (_at > start && Take(':')) return pattern is "*" ? "*" : pattern ?? name;
        _at = start;
        return null;
    }

    /// <summary>Letters up to the next that means something. A wildcard in it makes it a pattern, in which escapes stay.</summary>
    private string TakeTerm(out string? pattern)
    {
        var (text, wild, isPattern) = (new StringBuilder(), new StringBuilder(), false);
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]))
        {
            var letter = _text[_at];
            if (letter == '\\' && _at + 1 < _text.Length)
            {
                text.Append(_text[_at + 1]);
                wild.Append('\\').Append(_text[_at + 1]);
                _at += 2;
                continue;
            }

            var inside = text.Length > 0 && letter is '-' or '+' or '/' or '!' or '&' or '|' or '=' or '<' or '>';
            if (letter is not ('*' or '?') && !inside && Special.Contains(letter, StringComparison.Ordinal)) break;
            isPattern |= letter is '*' or '?';
            text.Append(letter);
            wild.Append(letter);
            _at++;
        }

        pattern = isPattern ? wild.ToString() : null;
        return text.ToString();
    }

    /// <summary>One end of a range.</summary>
    private string TakeEnd()
    {
        SkipSpaces();
        if (_at < _text.Length && _text[_at] == '"') return TakeQuoted();
        var start = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not (']' or '}' or ')')) _at++;
        return _at > start ? _text[start.._at].Replace("\\", "", StringComparison.Ordinal) : throw Fault("an end of a range is missing");
    }

    private string TakeQuoted()
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            text.Append(_text[_at]);
        }

        return Take('"') ? text.ToString() : throw Fault("expected [\"] at the end of a phrase");
    }

    private Occurrence? TakeModifier()
    {
        if (TakeWord("NOT") || Take('-') || Take('!')) return Occurrence.MustNot;
        return Take('+') ? Occurrence.Must : null;
    }

    private bool Take(char wanted)
    {
        if (_at >= _text.Length || _text[_at] != wanted) return false;
        _at++;
        return true;
    }

    /// <summary>A word by itself.</summary>
    private bool TakeWord(string word)
    {
        SkipSpaces();
        var end = _at + word.Length;
        if (!_text.AsSpan(_at).StartsWith(word)) return false;
        if (char.IsAsciiLetter(word[0]) && end < _text.Length && !char.IsWhiteSpace(_text[end]) && _text[end] != '(') return false;
        _at = end;
        return true;
    }

    private void SkipSpaces()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private static System.Text.Json.JsonElement ElementOf(JsonObject bounds) => System.Text.Json.JsonElement.Parse(bounds.ToJsonString());

    private SearchRefusedException Fault(string reason) => SearchRefusedException.BadRequest(
        string.Create(CultureInfo.InvariantCulture, $"[{options.Clause}] Failed to parse query [{_text}]: {reason} at position {_at}"));
}
