using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>A value that a value of a document must contain. As deep as the JSON it was read from, which the reader of that bounded.</summary>
internal abstract class Wanted
{
    public static Wanted From(JsonElement element)
    {
        if (Scalar.TryRead(element, out var scalar)) return new WantedScalar(scalar);
        if (element.ValueKind == JsonValueKind.Array) return new WantedArray([.. element.EnumerateArray().Select(From)]);

        var members = element.EnumerateObject().Select(static member => (JsonText.NameOf(member), From(member.Value)));
        return new WantedObject([.. members.OrderBy(static member => member.Item1)]);
    }

    /// <summary>Whether a value of a document contains this.</summary>
    public abstract bool IsIn(JsonElement value);

    public abstract void AppendTo(StringBuilder output);
}
