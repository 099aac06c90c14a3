using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>An object with at least these members, each containing what is wanted of it.</summary>
internal sealed class WantedObject((Utf8Text Name, Wanted Value)[] members) : Wanted
{
    public override bool IsIn(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return false;

        foreach (var member in members)
        {
            if (!JsonText.TryGetMember(value, member.Name.Span, out var actual) || !member.Value.IsIn(actual)) return false;
        }

        return true;
    }

    public override void AppendTo(StringBuilder output)
    {
        output.Append('{');
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0) output.Append(',');
            JsonText.AppendQuoted(output, members[i].Name);
            members[i].Value.AppendTo(output.Append(':'));
        }

        output.Append('}');
    }
}
