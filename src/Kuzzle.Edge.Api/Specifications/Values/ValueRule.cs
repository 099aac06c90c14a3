using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>What one value of a field must be. Immutable.</summary>
internal abstract class ValueRule
{
    /// <summary>Whether fields of this type may have fields within.</summary>
    public virtual bool MayHaveChildren => false;

    /// <summary>Whether a value's own fields must all be specified; null is as the level above says.</summary>
    public virtual bool? IsStrict => null;

    /// <summary>Why the value is none of this type, or null.</summary>
    public abstract string? FindFault(JsonElement value);
}
