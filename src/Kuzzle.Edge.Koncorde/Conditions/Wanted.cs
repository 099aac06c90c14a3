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

        List<(Utf8Text Name, Wanted Value)> members = [];
        foreach (var member in element.EnumerateObject()) members.Add((JsonText.NameOf(member), From(member.Value)));

        members.Sort(static (left, right) => left.Name.Span.SequenceCompareTo(right.Name.Span));
        return new WantedObject([.. members]);
    }

    /// <summary>Whether a value of a document contains this.</summary>
    public abstract bool IsIn(JsonElement value);

    public abstract void AppendTo(StringBuilder output);
}
