using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Configuration.Trees;

namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>JSON documents, each under a name that its author chooses. What may stand in one is not the configuration's to know.</summary>
/// <param name="findFault">What is wrong with a document of that name, or null; without anything secret.</param>
internal sealed class DocumentMapType(Func<string, JsonElement, string?> findFault) : SettingType<IReadOnlyDictionary<string, JsonElement>>
{
    /// <inheritdoc/>
    public override string Description => "documents by name";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, SettingPath path, List<ConfigurationFault> faults, [NotNullWhen(true)] out IReadOnlyDictionary<string, JsonElement>? value)
    {
        value = null;
        if (node is not SettingObject written) return false;

        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, member) in written.Members)
        {
            if (member is SettingScalar { Value: null, RawText: null }) continue; // null takes back what a layer below has said
            if (member is not SettingObject)
            {
                faults.Add(new ConfigurationFault(member.Origin, $"{path.Member(name)} must be an object"));
                continue;
            }

            var document = SettingJson.Of(member);
            if (findFault(name, document) is { } fault) faults.Add(new ConfigurationFault(member.Origin, $"{path.Member(name)}: {fault}"));
            else documents.Add(name, document);
        }

        value = documents;
        return true;
    }

    /// <inheritdoc/>
    public override string Show(IReadOnlyDictionary<string, JsonElement> value) => value.Count == 0 ? "{}" : "{ … }";
}
