using System.Globalization;
using System.Text;
using Kuzzle.Edge.Sqlite.Search.Queries;

namespace Kuzzle.Edge.Sqlite.Search.QueryStrings;

/// <summary>
/// Reads a <c>simple_query_string</c>: <c>+</c> and, <c>|</c> or, <c>-</c> not, <c>"…"</c>, a final <c>*</c>, <c>( )</c>. What cannot be understood is passed
/// over: no text is wrong.
/// </summary>
internal sealed class SimpleQueryStringParser(QueryStringOptions options)
{
    /// <summary>What lies deeper is read as if it were not.</summary>
    private const int MaxDepth = 20;

    private readonly string _text = options.Text;
    private int _at;

    public QueryNode Parse()
    {
        var node = ParseLevel(depth: 0) ?? new NoDocument();
        return options.Boost == 1 ? node : new BoolQuery { Must = [node], Boost = options.Boost };
    }

    /// <summary>As Lucene does: an operator joins what is before it and what follows; a change of operators makes what is before one operand.</summary>
    private QueryNode? ParseLevel(int depth)
    {
        QueryNode? node = null;
        bool? isAnd = null;
        bool? isNextAnd = null;
        var isNot = false;
        while (_at < _text.Length)
        {
            var letter = _text[_at];
            if (letter == ')' && depth > 0) break;
            if (letter is '+' or '|')
            {
                _at++;
                if (node is not null) isNextAnd ??= letter == '+';
                continue;
            }

            if (letter == '-')
            {
                _at++;
                isNot = !isNot;
                continue;
            }

            if (char.IsWhiteSpace(letter) || letter == ')')
            {
                _at++;
                if (letter != ')') isNot = false;
                continue;
            }

            if (ParseOperand(letter, depth) is { } operand)
            {
                if (isNot) operand = new BoolQuery { MustNot = [operand] };
                Join(ref node, ref isAnd, isNextAnd ?? options.NeedsAll, operand);
            }

            (isNextAnd, isNot) = (null, false);
        }

        return node;
    }

    private static void Join(ref QueryNode? node, ref bool? isAnd, bool joinsAnd, QueryNode operand)
    {
        if (node is null)
        {
            node = operand;
            return;
        }

        if (isAnd == joinsAnd && node is BoolQuery group && group.MustNot.Count == 0)
        {
            node = joinsAnd
                ? new BoolQuery { Must = [.. group.Must, operand] }
                : new BoolQuery { Should = [.. group.Should, operand], MinimumShouldMatch = 1 };
        }
        else
        {
            node = joinsAnd ? new BoolQuery { Must = [node, operand] } : new BoolQuery { Should = [node, operand], MinimumShouldMatch = 1 };
        }

        isAnd = joinsAnd;
    }

    private QueryNode? ParseOperand(char letter, int depth)
    {
        if (letter == '"' && TryTakeQuoted(out var phrase)) return options.Phrase(field: null, phrase, TakeSlop());
        if (letter == '(' && depth < MaxDepth)
        {
            _at++;
            var group = ParseLevel(depth + 1);
            if (_at < _text.Length) _at++;
            return group;
        }

        if (letter is '"' or '(')
        {
            _at++;
            return null;
        }

        var word = TakeWord(out var isPrefix);
        if (word.Length == 0) return null;
        return isPrefix ? options.Prefix(field: null, word) : options.Words(field: null, word);
    }

    private string TakeWord(out bool isPrefix)
    {
        var word = new StringBuilder();
        isPrefix = false;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('+' or '|' or '"' or '(' or ')'))
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            else if (_text[_at] == '*' && IsAtEnd(_at + 1))
            {
                isPrefix = true;
                _at++;
                break;
            }

            word.Append(_text[_at++]);
        }

        return word.ToString();
    }

    private bool IsAtEnd(int at) => at >= _text.Length || char.IsWhiteSpace(_text[at]) || _text[at] is '+' or '|' or '"' or '(' or ')';

    private bool TryTakeQuoted(out string text)
    {
        var found = new StringBuilder();
        for (var at = _at + 1; at < _text.Length; at++)
        {
            if (_text[at] == '"')
            {
                _at = at + 1;
                text = found.ToString();
                return true;
            }

            if (_text[at] == '\\' && at + 1 < _text.Length) at++;
            found.Append(_text[at]);
        }

        text = "";
        return false;
    }

    private int? TakeSlop()
    {
        if (_at >= _text.Length || _text[_at] != '~') return null;
        var start = ++_at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var slop) ? Math.Min(slop, 1_000_000) : null;
    }
}
