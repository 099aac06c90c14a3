using System.Text;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Geography;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The field is a point, in any spelling, inside a shape.</summary>
internal sealed class GeoCondition(Utf8Text field, GeoShape shape) : PlainCondition(field)
{
    public GeoShape Shape => shape;

    public override bool Holds(DocumentField field) => field.TryGetLocation(out var location) && shape.Contains(location);

    public override void AppendTo(StringBuilder output)
    {
        var name = new StringBuilder();
        JsonText.AppendQuoted(name, Field);
        shape.AppendTo(output, name.ToString());
    }
}
