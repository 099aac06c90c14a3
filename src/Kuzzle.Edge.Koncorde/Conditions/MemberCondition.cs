using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The field is an array that holds this scalar as a direct element.</summary>
internal sealed class MemberCondition(Utf8Text field, Scalar value) : PlainCondition(field)
{
    public Scalar Value => value;

    public override bool Holds(DocumentField field)
    {
        if (!field.IsPresent || field.Kind != JsonValueKind.Array) return false;

        foreach (var element in field.Value.EnumerateArray())
        {
            if (value.IsValueOf(element)) return true;
        }

        return false;
    }

    public override void AppendTo(StringBuilder output)
    {
        var member = new StringBuilder();
        value.AppendTo(member);
        output.Append("{\"exists\":");
        JsonText.AppendQuoted(output, Utf8Text.From($"{MemberPath.Escape(Field)}[{member}]"));
        output.Append('}');
    }
}
