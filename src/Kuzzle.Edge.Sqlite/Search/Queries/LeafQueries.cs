using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Queries;

/// <summary>What a value asks of a field, by the field's kind.</summary>
/// <exception cref="SearchRefusedException">When the field cannot be asked that.</exception>
internal sealed class LeafQueries(ValueReader values, ClauseBudget budget)
{
    /// <summary>That a value of the field is this one.</summary>
    public QueryNode Equal(Field field, JsonElement value, double boost)
    {
        if (field.Kind == FieldKind.Id) return new IdQuery([ValueReader.Text(value, field)], boost);
        if (field.Kind != FieldKind.Date) return new FieldQuery(new FieldTest(field, new EqualTo(values.Read(value, field))), boost);

        // A date stands for the whole of its day, its minute or whatever was written last.
        var first = new Bound(values.ReadDate(value, field, toLast: false), Inclusive: true);
        var last = new Bound(values.ReadDate(value, field, toLast: true), Inclusive: true);
        return new FieldQuery(new FieldTest(field, new InRange(first, last)), boost);
    }

    /// <summary>That a value of the field is one of a list.</summary>
    public QueryNode OneOf(Field field, JsonElement wanted, double boost)
    {
        foreach (var value in wanted.EnumerateArray())
        {
            if (value.ValueKind == JsonValueKind.Null) throw SearchRefusedException.BadRequest("no value specified for terms query");
        }

        if (field.Kind == FieldKind.Id) return new IdQuery([.. wanted.EnumerateArray().Select(value => ValueReader.Text(value, field))], boost);
        if (field.Kind != FieldKind.Date)
        {
            return new FieldQuery(new FieldTest(field, new OneOf(wanted.EnumerateArray().Select(value => values.Read(value, field)))), boost);
        }

        // Each date is a range of its own.
        budget.Spend(wanted.GetArrayLength());
        var dates = wanted.EnumerateArray().Select(value => Equal(field, value, boost: 0)).ToList();
        return new ConstantScore(new BoolQuery { Should = dates, MinimumShouldMatch = 1 }, boost);
    }

    /// <summary>That a value of the field lies between ends.</summary>
    public QueryNode Range(Field field, JsonElement bounds) => new FieldQuery(new FieldTest(field, new RangeReader(field, values).Read(bounds)), boost: 1);

    /// <summary>That a text has a word, or all words, of another; for other fields as <see cref="Equal"/>.</summary>
    public QueryNode Match(Field field, JsonElement value, FieldClauseOptions options)
    {
        if (field.Kind != FieldKind.Text) return Equal(field, value, options.Boost);

        var words = Words.Of(ValueReader.Text(value, field));
        if (words.Count == 0) return WithoutWords(options);
        budget.Spend(words.Count);
        var each = words.Select(word => (QueryNode)new FieldQuery(new FieldTest(field, new EqualTo(QueryValue.Of(word))), boost: 1)).ToList();
        var needed = options.NeedsAll ? each.Count : 1;
        if (options.MinimumShouldMatch is { } minimum) needed = Math.Max(1, MinimumShouldMatch.Of(minimum, each.Count));
        return new BoolQuery { Should = each, MinimumShouldMatch = needed, Boost = options.Boost };
    }

    /// <summary>That a text has the words of another in their order; for other fields as <see cref="Equal"/>.</summary>
    public QueryNode Phrase(Field field, JsonElement value, PhraseEnd end, FieldClauseOptions options)
    {
        if (field.Kind != FieldKind.Text && end == PhraseEnd.Word) return Equal(field, value, options.Boost);
        if (field.Kind != FieldKind.Text)
        {
            throw SearchRefusedException.BadRequest($"Can only use phrase prefix queries on text fields - not on [{field.Name}]");
        }

        var words = Words.Of(Encoding.UTF8.GetBytes(ValueReader.Text(value, field)));
        return words.Count == 0 ? WithoutWords(options) : new FieldQuery(new FieldTest(field, new Phrase(words, end, options.Slop)), options.Boost);
    }

    private static QueryNode WithoutWords(FieldClauseOptions options) => options.ZeroTermsMatchAll ? new EveryDocument(options.Boost) : new NoDocument();
}
