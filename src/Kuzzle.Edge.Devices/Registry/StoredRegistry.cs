using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry.Secrets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Reads what is stored of the registry, whoever has put it there.</summary>
internal sealed partial class StoredRegistry(ILogger logger)
{
    /// <summary>An application; one that cannot be read is told so, and shut out.</summary>
    public Application ReadApplication(StoredDocument stored)
    {
        var fields = new FieldReader();
        var application = ApplicationDocument.Read(stored.Id, (JsonObject)DocumentBytes.NodeOf(stored.Source)!, fields);
        if (fields.Fault is not { } fault) return application;

        LogUnreadable(stored.Id, fault.Message);
        return application with { Fault = fault.Message, Index = application.Index.Length > 0 ? application.Index : stored.Id };
    }

    /// <summary>
    /// A device with the credentials that are its own, and what its document says of credentials, null for nothing. One that cannot be read is told so, and shut out.
    /// </summary>
    public (Device Device, JsonArray? Written, string Path) ReadDevice(Application application, StoredDocument stored, Func<string, KeptCredentials?> secretsOf)
    {
        var document = (JsonObject)DocumentBytes.NodeOf(stored.Source)!;
        var name = RegistryNames.NameOf(stored.Id);
        var metadata = document["metadata"] as JsonObject;
        var uid = DocumentBytes.TextOf(metadata?["uid"]) ?? "";

        // Credentials of an older device of that name are nobody's.
        var credentials = secretsOf(Device.SecretsIdOf(application.Name, name)) is { } kept && kept.Uid == uid ? kept.Credentials : [];
        var fields = new FieldReader();
        if (fields.Text(metadata, "name", "metadata.name") is { } named && named != name) fields.Refuse("metadata.name", $"must be \"{name}\", as the document is called");
        var (written, path) = DeviceDocument.TakeCredentials(document, fields);
        DeviceDocument.Show(document, credentials);
        var device = DeviceDocument.Read(application, name, document, credentials, fields);
        if (fields.Fault is not { } fault) return (device, written, path);

        LogUnreadable($"{name}@{application.Name}", fault.Message);
        return (device with { Fault = fault.Message }, written, path);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored document of {Name} cannot be read, and it cannot connect: {Reason}")]
    private partial void LogUnreadable(string name, string reason);
}
