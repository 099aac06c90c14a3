using System.Text;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The field exists and is this scalar.</summary>
internal sealed class EqualsCondition(Utf8Text field, Scalar value) : PlainCondition(field)
{
    public Scalar Value => value;

    public override bool Holds(DocumentField field) => field.IsPresent && field.IsScalar(value);

    public override void AppendTo(StringBuilder output)
    {
        AppendHead(output, "equals");
        value.AppendTo(output);
        output.Append("}}");
    }
}
