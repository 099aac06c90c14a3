using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>The same type and value.</summary>
internal sealed class WantedScalar(Scalar value) : Wanted
{
    public Scalar Value => value;

    public override bool IsIn(JsonElement element) => value.IsValueOf(element);

    public override void AppendTo(StringBuilder output) => value.AppendTo(output);
}
