using System.Text;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The name is present, whatever it holds.</summary>
internal sealed class ExistsCondition(Utf8Text field) : PlainCondition(field)
{
    public override bool Holds(DocumentField field) => field.IsPresent;

    public override void AppendTo(StringBuilder output)
    {
        output.Append("{\"exists\":");
        JsonText.AppendQuoted(output, MemberPath.Escape(Field));
        output.Append('}');
    }
}
