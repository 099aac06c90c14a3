using System.Text;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The field contains an object or array. A <c>match</c> of several fields is the AND of one per field, and of a scalar an <c>equals</c>.</summary>
internal sealed class MatchCondition(Utf8Text field, Wanted wanted) : PlainCondition(field)
{
    public Wanted Wanted => wanted;

    public override bool Holds(DocumentField field) => field.IsPresent && wanted.IsIn(field.Value);

    public override void AppendTo(StringBuilder output)
    {
        AppendHead(output, "match");
        wanted.AppendTo(output);
        output.Append("}}");
    }
}
