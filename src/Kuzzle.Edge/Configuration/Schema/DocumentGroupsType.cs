using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>JSON documents by two names, the first of which several share.</summary>
/// <param name="findFault">What is wrong with a document of these names, or null; without anything secret.</param>
internal sealed class DocumentGroupsType(Func<string, string, JsonElement, string?> findFault) : SettingType<IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>>>
{
    /// <inheritdoc/>
    public override string Description => "documents by application and name";

    /// <inheritdoc/>
    public override bool TryRead(
        SettingNode node,
        SettingPath path,
        List<ConfigurationFault> faults,
        [NotNullWhen(true)] out IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>>? value)
    {
        value = null;
        if (node is not SettingObject written) return false;

        var groups = new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>(StringComparer.Ordinal);
        foreach (var (name, member) in written.Members)
        {
            if (member is SettingScalar { Value: null, RawText: null }) continue; // null takes back what a layer below has said
            if (new DocumentMapType((document, json) => findFault(name, document, json)).TryRead(member, path.Member(name), faults, out var documents)) groups.Add(name, documents);
            else faults.Add(new ConfigurationFault(member.Origin, $"{path.Member(name)} must be documents by name"));
        }

        value = groups;
        return true;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> value) => value.Count == 0 ? "{}" : "{ … }";
}
