using System.Text;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>A test of one field, given by its dotted name. Immutable.</summary>
internal abstract class Condition(Utf8Text name)
{
    public Utf8Text Field => name;

    /// <summary>Appends the clause as a filter of its own, in the one spelling that all equal clauses share.</summary>
    public abstract void AppendTo(StringBuilder output);

    /// <summary>Appends <c>{"keyword":{"field":</c>, which begins most clauses; the caller closes both braces.</summary>
    protected void AppendHead(StringBuilder output, string keyword)
    {
        output.Append("{\"").Append(keyword).Append("\":{");
        JsonText.AppendQuoted(output, Field);
        output.Append(':');
    }
}
