using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Filters;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>
/// The field is an array that has an element at this index (negative: from the end), and the element, as the document <c>{"value": element}</c>,
/// passes a filter of its own.
/// </summary>
internal sealed class SelectCondition(Utf8Text field, double index, Expression query) : Condition(field)
{
    public double Index => index;

    public Expression Query => query;

    /// <summary>The element asked for, when the field has it.</summary>
    public bool TryGetElement(DocumentField field, out JsonElement element)
    {
        element = default;
        if (!field.IsPresent || field.Kind != JsonValueKind.Array) return false;

        var length = field.Value.GetArrayLength();
        var position = index < 0 ? length + index : index;
        if (!(position >= 0 && position < length)) return false;

        element = field.Value[(int)position];
        return true;
    }

    public override void AppendTo(StringBuilder output)
    {
        output.Append("{\"select\":{\"field\":");
        JsonText.AppendQuoted(output, Field);
        output.Append(CultureInfo.InvariantCulture, $",\"index\":{Scalar.Format(index)},\"query\":{QueryText()}}}}}");
    }

    // The empty filter may not stand here, though its meaning can.
    private string QueryText() => ReferenceEquals(query, Constant.Everything) ? "{\"not\":{\"nothing\":true}}" : CanonicalForm.Of(query);
}
