using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>
/// An array in which every wanted element is contained by an element of its own. Taken greedily in order, as the language says: the first element still
/// free that contains what is wanted is used up, and no other choice is tried.
/// </summary>
internal sealed class WantedArray(Wanted[] elements) : Wanted
{
    /// <summary>The first scalar that the array must hold; null when there is none.</summary>
    public Scalar? FirstScalar => elements.OfType<WantedScalar>().Select(static wanted => (Scalar?)wanted.Value).FirstOrDefault();

    public override bool IsIn(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < elements.Length) return false;
        if (elements.Length == 0) return true;

        List<JsonElement> free = [.. value.EnumerateArray()];
        foreach (var wanted in elements)
        {
            var found = free.FindIndex(wanted.IsIn);
            if (found < 0) return false;

            free.RemoveAt(found);
        }

        return true;
    }

    public override void AppendTo(StringBuilder output)
    {
        output.Append('[');
        for (var i = 0; i < elements.Length; i++)
        {
            if (i > 0) output.Append(',');
            elements[i].AppendTo(output);
        }

        output.Append(']');
    }
}
