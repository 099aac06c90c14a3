using System.Text;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The field is a number between two bounds.</summary>
internal sealed class RangeCondition(Utf8Text field, Interval interval) : PlainCondition(field)
{
    public Interval Interval => interval;

    public override bool Holds(DocumentField field) => interval.Contains(field.Number);

    public override void AppendTo(StringBuilder output)
    {
        AppendHead(output, "range");
        interval.AppendTo(output);
        output.Append("}}");
    }
}
