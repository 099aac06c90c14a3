using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>What may be written for a setting, and what it becomes.</summary>
internal abstract class SettingType<T>
{
    /// <summary>What is right, to follow "must be": <c>a whole number from 1 to 65535</c>. Also the type in the documentation.</summary>
    public abstract string Description { get; }

    /// <summary>The value, when the node is one. Types that hold others add their own faults.</summary>
    public abstract bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out T? value);

    /// <summary>The value as one would write it in the file, for the documentation.</summary>
    public abstract string Show(T value);
}
