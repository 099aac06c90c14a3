using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Registry.Secrets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>
/// Brings what is declared into the registry: what it says wins over what is there, what it does not say stays. Where nothing would change nothing is written, so that the same
/// declaration can come with every start. What is declared no longer is disabled, or named. One call at a time.
/// </summary>
internal sealed partial class Provisioner(DeviceRegistry registry, DeclarationLedger ledger, DeclaredCredentials credentials, WithdrawnDevices withdrawn, ILogger logger)
{
    /// <summary>How many devices are prepared together: enough that every core has passwords to hash, and a start that is broken off repeats few.</summary>
    private const int Together = 64;

    /// <summary>Applies all that can be, and answers what cannot.</summary>
    /// <param name="declared">What is declared.</param>
    /// <param name="work">Where passwords are hashed.</param>
    /// <param name="cancellationToken">Ends it between two devices.</param>
    /// <exception cref="DocumentStoreException">The store does not answer; what was done until then stays, and the next call does the rest.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(DeclaredRegistry declared, PasswordWork work, CancellationToken cancellationToken)
    {
        // Before the devices: whoever is in the registry by a declaration is known to be, whenever the power goes.
        ledger.Add(declared);
        await ledger.SaveAsync();

        var faults = new List<string>();
        foreach (var (name, document) in declared.Applications)
        {
            if (await ApplyAsync(name, document, cancellationToken) is { } fault) faults.Add($"applications.{name}: {fault.Message}");
        }

        foreach (var some in declared.Devices.SelectMany(group => group.Value.Select(device => (Application: group.Key, device.Key, device.Value))).Chunk(Together))
        {
            // Side by side, for hashing takes long; then one after another in the order of the declaration, which decides between two that want the same.
            foreach (var device in await Task.WhenAll(some.Select(device => PrepareAsync(device.Application, device.Key, device.Value, work, cancellationToken))))
            {
                if (await ApplyAsync(device, cancellationToken) is { } fault) faults.Add($"devices.{device.Application}.{device.Name}: {fault.Message}");
            }
        }

        await WithdrawAsync(declared, faults, cancellationToken);
        await ledger.SaveAsync();
        foreach (var fault in faults) LogFault(fault);
        return faults;
    }

    private async Task<ApiError?> ApplyAsync(string name, JsonElement document, CancellationToken cancellationToken)
    {
        var sent = DeclarationOf(document);
        sent.Remove("status"); // The registry's own.
        var known = registry.Book.FindApplication(name);
        if (known is not null && DocumentBytes.Says(known.Source, sent)) return null;

        return (await registry.PutApplicationAsync(known is null ? RegistryWriteMode.Create : RegistryWriteMode.Update, name, sent, author: null, cancellationToken)).Fault;
    }

    /// <summary>All that is slow, and nothing that anybody else sees. What is left of the credentials are those that must be made or taken away.</summary>
    private async Task<PreparedDevice> PrepareAsync(string application, string name, JsonElement document, PasswordWork work, CancellationToken cancellationToken)
    {
        var sent = DeclarationOf(document);
        var prepared = new PreparedDevice(application, name, document, sent, ledger.IsWithdrawn(application, name));
        if (prepared.WasWithdrawn) Enable(sent);
        if (registry.Book.FindDevice(application, name) is { } known)
        {
            var (isSame, fault) = await credentials.KeepKnownAsync(sent, known, work, cancellationToken);
            if (fault is not null) return prepared with { Fault = fault };
            if (isSame && DocumentBytes.Says(known.Source, sent)) return prepared with { IsDone = true };
        }

        return prepared with { Hashes = await registry.HashAsync(sent, work, cancellationToken) };
    }

    private async Task<ApiError?> ApplyAsync(PreparedDevice prepared, CancellationToken cancellationToken)
    {
        var (application, name) = (prepared.Application, prepared.Name);
        if (prepared.Fault is not null) return prepared.Fault;
        if (!prepared.IsDone)
        {
            var mode = registry.Book.FindDevice(application, name) is null ? RegistryWriteMode.Create : RegistryWriteMode.Update;
            var passwords = new HashedPasswords(prepared.Hashes, credentials.Passwords);
            var (device, refused) = await registry.PutDeviceAsync(mode, application, name, prepared.Sent, author: null, passwords, cancellationToken);
            if (device is null) return refused;

            credentials.Remember(prepared.Document, device);
        }

        if (prepared.WasWithdrawn) ledger.Restore(application, name);
        return null;
    }

    private async Task WithdrawAsync(DeclaredRegistry declared, List<string> faults, CancellationToken cancellationToken)
    {
        foreach (var application in ledger.MissingApplications(declared))
        {
            // Others may have made devices of it, so it is left whatever becomes of those that were declared.
            if (registry.Book.FindApplication(application) is not null) LogApplicationWithdrawn(application);
            ledger.Forget(application);
        }

        foreach (var (application, name) in ledger.MissingDevices(declared))
        {
            if (registry.Book.FindDevice(application, name) is not { } device)
            {
                ledger.Forget(application, name);
            }
            else if (withdrawn == WithdrawnDevices.Keep)
            {
                LogKept(name, application);
                ledger.Forget(application, name);
            }
            else if (await DisableAsync(device, cancellationToken) is { } fault)
            {
                faults.Add($"devices.{application}.{name} is declared no longer, and could not be disabled: {fault.Message}");
            }
            else
            {
                LogDisabled(name, application);
                ledger.Withdraw(application, name);
            }
        }
    }

    private async Task<ApiError?> DisableAsync(Device device, CancellationToken cancellationToken)
    {
        if (device.IsDisabled) return null;

        var document = new JsonObject { ["spec"] = new JsonObject { ["core"] = new JsonObject { ["disabled"] = true } } };
        return (await registry.PutDeviceAsync(RegistryWriteMode.Update, device.Application, device.Name, document, author: null, cancellationToken)).Fault;
    }

    /// <summary>Whoever was disabled for want of a declaration is not any more, unless the declaration says so.</summary>
    private static void Enable(JsonObject sent)
    {
        if (sent["spec"] is null) sent["spec"] = new JsonObject();
        if (sent["spec"] is not JsonObject spec) return;
        if (spec["core"] is null) spec["core"] = new JsonObject();
        if (spec["core"] is JsonObject core && core["disabled"] is null) core["disabled"] = false;
    }

    /// <summary>What a declaration says: not what only the registry does, though somebody has copied a whole document.</summary>
    private static JsonObject DeclarationOf(JsonElement document)
    {
        var sent = DocumentBytes.NodeOf(document) as JsonObject ?? [];
        sent.Remove("_kuzzle_info");
        if (sent["metadata"] is JsonObject metadata)
        {
            foreach (var own in (ReadOnlySpan<string>)["uid", "generation", "resourceVersion", "creationTimestamp", "deletionTimestamp"]) metadata.Remove(own);
            if (metadata.Count == 0) sent.Remove("metadata");
        }

        return sent;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Declared in the configuration, and left out: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The device {Device} of {Application} is declared no longer, and is disabled")]
    private partial void LogDisabled(string device, string application);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The device {Device} of {Application} is declared no longer, and stays as it is")]
    private partial void LogKept(string device, string application);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The application {Application} is declared no longer, and stays as it is")]
    private partial void LogApplicationWithdrawn(string application);
}
