using System.Text;
using Kuzzle.Edge.Koncorde.Regexps;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The field is a string in which an expression matches somewhere.</summary>
internal sealed class RegexpCondition(Utf8Text field, Regexp regexp) : Condition(field)
{
    public Regexp Regexp => regexp;

    public override void AppendTo(StringBuilder output)
    {
        AppendHead(output, "regexp");
        output.Append("{\"value\":");
        JsonText.AppendQuoted(output, regexp.Pattern);
        if (regexp.Flags != RegexpFlags.None) output.Append(",\"flags\":\"").Append(regexp.Letters()).Append('"');
        output.Append("}}}");
    }
}
