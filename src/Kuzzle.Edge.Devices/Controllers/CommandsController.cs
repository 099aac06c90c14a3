using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Commands;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Controllers;

/// <summary>The controller <c>edge/commands</c>.</summary>
internal sealed class CommandsController(RegistryBook book, CommandDispatcher dispatcher, KuzzleApi api, TimeProvider clock)
{
    /// <summary>As long as a device that reads slowly may keep its sender; then the answer is that it is queued.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public Controller Controller => new(EdgeControllers.Commands, new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["send"] = SendAsync,
        ["dispatch"] = DispatchAsync,
        ["get"] = GetAsync,
        ["search"] = SearchAsync,
        ["cancel"] = CancelAsync,
    });

    private async ValueTask<ApiResult> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, book);
        return await SendAsync(request, arguments, application, isAlias: false, cancellationToken);
    }

    /// <summary>As the cloud's own endpoint does: only for who is here now, and what it refuses it refuses with its numbers.</summary>
    private async ValueTask<ApiResult> DispatchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, book);
        if (book.FindApplication(application) is { IsDisabled: true }) return DeviceErrors.NotAcceptable($"The application \"{application}\" is disabled.");
        if (book.TryResolve(application, arguments.Text("device", ""), out _, out var device) && device.IsDisabled) return DeviceErrors.NotAcceptable($"The device \"{device.Name}\" is disabled.");

        return await SendAsync(request, arguments, application, isAlias: true, cancellationToken);
    }

    private async ValueTask<ApiResult> SendAsync(ApiRequest request, Arguments arguments, string applicationName, bool isAlias, CancellationToken cancellationToken)
    {
        var deviceName = arguments.Text("device", "");
        var commandName = arguments.Text("command", "");
        var ttl = isAlias ? 0 : Number(arguments, request, "ttl", CommandDocument.MaxTtl);
        var qos = isAlias ? 0 : Number(arguments, request, "qos", 1);
        var correlation = arguments.Text("correlation", "");
        var fanout = isAlias ? "" : arguments.Text(CommandDocument.Fanout, "");
        if (deviceName.Length == 0) arguments.Refuse(AssertErrors.MissingArgument("device"));
        if (commandName.Length == 0) arguments.Refuse(AssertErrors.MissingArgument("command"));
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (book.FindApplication(applicationName) is not { } application) return DeviceErrors.UnknownApplication(applicationName);
        if (!book.TryResolve(applicationName, deviceName, out _, out var device)) return DeviceErrors.UnknownDevice(applicationName, deviceName);
        if (application.IsDisabled) return DeviceErrors.Disabled(applicationName);
        if (device.IsDisabled) return DeviceErrors.Disabled(device.Name);
        if (dispatcher.IsFull) return DeviceErrors.TooManyCommands();

        var fields = new FieldReader();
        var draft = new JsonObject { ["device"] = device.Name, ["command"] = commandName, ["ttl"] = ttl, ["qos"] = qos, ["createdAt"] = request.Timestamp };
        if (fanout.Length > 0) draft[CommandDocument.Fanout] = fanout;
        foreach (var member in request.Body.ValueKind == JsonValueKind.Object ? request.Body.EnumerateObject().AsEnumerable() : [])
        {
            if (member.Name is "payload" or "payload_base64" or "contentType") draft[member.Name] = DocumentBytes.NodeOf(member.Value);
            else fields.Refuse($"body.{member.Name}", "is not known here; known are payload, payload_base64, contentType");
        }

        var id = Guid.NewGuid().ToString();
        var command = CommandDocument.Read(id, DocumentBytes.ElementOf(draft), request.Timestamp, fields);
        var json = draft["payload"] ?? CommandDocument.AsJson(command.Payload);
        CheckContent(command, fields);
        if (fields.Fault is { } fault) return isAlias ? DeviceErrors.NotAcceptable(fault.Message) : fault;

        await RegistryCollections.EnsureAsync(api.Documents, application.Commands, cancellationToken);
        var document = DocumentBytes.Of(command.ToDocument(json?.DeepClone(), correlation.Length > 0 ? correlation : null, request.Author()));
        if (await api.WriteAsync(application.Commands, [new NewCommand(id, document)], CancellationToken.None) is null) return StorageErrors.UnknownCollection(application.Commands);

        var (state, sessions) = await FirstAsync(application, id, cancellationToken);
        return ApiResult.Ok(new JsonObject { ["id"] = id, ["state"] = state, ["sessions"] = sessions });
    }

    /// <summary>What became of it at first. The dispatcher has noticed it with the commit; one that is decided already is no longer pending.</summary>
    private async Task<(string State, int Sessions)> FirstAsync(Application application, string id, CancellationToken cancellationToken)
    {
        if (dispatcher.Find(application.Commands, id) is { } pending)
        {
            try
            {
                await pending.First.Task.WaitAsync(LongestWait, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                // It is on its way; its document will tell.
            }
        }

        if (await api.Documents.FindAsync(application.Commands, id, cancellationToken) is not { } document) return (CommandState.Cancelled, 0);
        var sessions = document.Source.TryGetProperty("sessions", out var count) && count.TryGetInt32(out var number) ? number : 0;
        return (CommandDocument.StateOf(document.Source), sessions);
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Application(request, book);
        var id = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (book.FindApplication(name) is not { } application) return DeviceErrors.UnknownApplication(name);

        var document = await api.Documents.FindAsync(application.Commands, id, cancellationToken);
        return document is null ? DeviceErrors.UnknownCommand(id) : ApiResult.Ok(RegistryArguments.Show(id, document.Source));
    }

    private async ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Application(request, book);
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (book.FindApplication(name) is not { } application) return DeviceErrors.UnknownApplication(name);

        return await DocumentSearch.RunAsync(api, request, application.Commands, clock, cancellationToken);
    }

    private async ValueTask<ApiResult> CancelAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Application(request, book);
        var id = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (book.FindApplication(name) is not { } application) return DeviceErrors.UnknownApplication(name);

        var cancelled = new CommandTransition(id, next => next["state"] = CommandState.Cancelled);
        var outcomes = await api.WriteAsync(application.Commands, [cancelled], CancellationToken.None);
        return outcomes switch
        {
            [{ Kind: Api.Documents.DocumentChangeKind.Put, After: { } after }] => ApiResult.Ok(RegistryArguments.Show(id, after.Source)),
            [{ Before: { } before }] => DeviceErrors.NotQueued(id, CommandDocument.StateOf(before.Source)),
            _ => DeviceErrors.UnknownCommand(id),
        };
    }

    /// <summary>A payload that says to be JSON must be some.</summary>
    private static void CheckContent(CommandDocument command, FieldReader fields)
    {
        if (command.ContentType is not { } type) return;
        var isJson = type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) || type.StartsWith("text/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        if (!isJson) return;

        try
        {
            using var parsed = JsonDocument.Parse(command.Payload);
        }
        catch (JsonException)
        {
            fields.Refuse("payload", $"must be JSON, for its content type is {type}");
        }
    }

    private static long Number(Arguments arguments, ApiRequest request, string name, long max)
    {
        var given = request.Argument(name);
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return 0;

        var text = arguments.Scalar(name);
        if (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) && value <= max) return value;

        arguments.Refuse(AssertErrors.InvalidArgument(name, FormattableString.Invariant($"a whole number from 0 to {max}")));
        return 0;
    }
}
