using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>A field as each of a search's collections maps it.</summary>
internal sealed class FieldPerTarget(string name, IReadOnlyList<Field> fields)
{
    public string Name => name;

    /// <summary>As the first collection has it; the answer is written for it.</summary>
    public FieldKind Kind => fields.Count > 0 ? fields[0].Kind : FieldKind.Any;

    public bool IsDate => Kind == FieldKind.Date;

    public Field this[int target] => fields[target];

    /// <summary>Shows all values of a document to a sink.</summary>
    public void Read(in Candidate candidate, FieldScanner scanner, ValueTest sink)
    {
        var field = fields[candidate.Target];
        if (field.Kind == FieldKind.Id) sink.Passes(FieldValue.Of(candidate.Id));
        else if (field.Kind != FieldKind.Hidden) scanner.Any(candidate.Source, field, sink);
    }
}
