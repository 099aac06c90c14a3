using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>What the configuration declares: documents as they would be sent, by names. Holds secrets: not to be shown.</summary>
/// <param name="Applications">By name.</param>
/// <param name="Devices">By application, then by name.</param>
public sealed record DeclaredRegistry(IReadOnlyDictionary<string, JsonElement> Applications, IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> Devices)
{
    /// <summary>Nothing.</summary>
    public static DeclaredRegistry Empty { get; } = new(
        new Dictionary<string, JsonElement>(StringComparer.Ordinal), new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>(StringComparer.Ordinal));

    /// <summary>What is wrong with the document of an application, as far as it says itself: a sentence that begins with the field, or null.</summary>
    public static string? FindApplicationFault(string name, JsonElement document)
    {
        var fields = new FieldReader();
        var declared = DocumentBytes.NodeOf(document) as JsonObject ?? [];
        _ = MetadataSection.Next(fields.Object(declared, "metadata", "metadata"), before: null, name, application: null, default, fields);
        _ = ApplicationDocument.Read(name, declared, fields);
        return fields.Fault?.Message;
    }

    /// <summary>What is wrong with the document of a device, as far as it says itself: a sentence that begins with the field and holds no secret, or null.</summary>
    public static string? FindDeviceFault(string application, string name, JsonElement document)
    {
        var fields = new FieldReader();
        var declared = DocumentBytes.NodeOf(document) as JsonObject ?? [];
        var (list, path) = DeviceDocument.TakeCredentials(declared, fields);

        // Nothing is hashed to find out whether it could be, so this is done by the time it returns.
        var decoy = Task.FromResult<ISecretHash?>(SecretHashes.Decoy(iterations: 1));
        _ = new CredentialReader(fields, [], _ => decoy).ReadAsync(list, path).IsCompletedSuccessfully;
        _ = MetadataSection.Next(fields.Object(declared, "metadata", "metadata"), before: null, name, application, default, fields);
        _ = DeviceDocument.Read(new Application { Name = application, Uid = "", Index = "", Source = default }, name, declared, [], fields);
        return fields.Fault?.Message;
    }

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => "the declared devices";
}
