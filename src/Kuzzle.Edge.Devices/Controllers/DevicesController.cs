using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Sessions;

namespace Kuzzle.Edge.Devices.Controllers;

/// <summary>The controller <c>edge/devices</c>.</summary>
internal sealed class DevicesController(DeviceRegistry registry, DeviceSessions sessions, KuzzleApi api, TimeProvider clock)
{
    public Controller Controller => new(EdgeControllers.Devices, new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["create"] = (request, cancellationToken) => PutAsync(RegistryWriteMode.Create, request, cancellationToken),
        ["replace"] = (request, cancellationToken) => PutAsync(RegistryWriteMode.Replace, request, cancellationToken),
        ["update"] = (request, cancellationToken) => PutAsync(RegistryWriteMode.Update, request, cancellationToken),
        ["get"] = Controller.AtOnce(Get),
        ["search"] = SearchAsync,
        ["delete"] = DeleteAsync,
        ["setCredentials"] = SetCredentialsAsync,
        ["disable"] = DisableAsync,
        ["sessions"] = Controller.AtOnce(Sessions),
    });

    private async ValueTask<ApiResult> PutAsync(RegistryWriteMode mode, ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, registry.Book);
        var document = arguments.Document();
        var name = arguments.OptionalId() ?? DocumentBytes.TextOf((document["metadata"] as JsonObject)?["name"]);
        if (name is null) arguments.Refuse(AssertErrors.MissingArgument("_id"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        return Show(await registry.PutDeviceAsync(mode, application, name!, document, request.Author(), cancellationToken));
    }

    private ApiResult Get(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, registry.Book);
        var name = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (registry.Book.FindApplication(application) is null) return DeviceErrors.UnknownApplication(application);

        return registry.Book.TryResolve(application, name, out _, out var device) ? Show((device, null)) : DeviceErrors.UnknownDevice(application, name);
    }

    private async ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Application(request, registry.Book);
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (registry.Book.FindApplication(name) is not { } application) return DeviceErrors.UnknownApplication(name);

        return await DocumentSearch.RunAsync(api, request, application.Devices, clock, cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, registry.Book);
        var name = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (device, fault) = await registry.DeleteDeviceAsync(application, name, cancellationToken);
        return device is null ? fault! : ApiResult.Ok(new JsonObject { ["_id"] = name });
    }

    /// <summary>Puts other credentials in the place of those there are.</summary>
    private async ValueTask<ApiResult> SetCredentialsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, registry.Book);
        var name = arguments.Id();
        var credentials = arguments.FromBody("credentials", JsonValueKind.Array);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var document = new JsonObject { ["spec"] = new JsonObject { ["authentication"] = new JsonObject { ["credentials"] = DocumentBytes.NodeOf(credentials) } } };
        return Show(await registry.PutDeviceAsync(RegistryWriteMode.Update, application, name, document, request.Author(), cancellationToken));
    }

    private async ValueTask<ApiResult> DisableAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, registry.Book);
        var name = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var document = new JsonObject { ["spec"] = new JsonObject { ["core"] = new JsonObject { ["disabled"] = true } } };
        return Show(await registry.PutDeviceAsync(RegistryWriteMode.Update, application, name, document, request.Author(), cancellationToken));
    }

    /// <summary>Who is here: of one device, or of all.</summary>
    private ApiResult Sessions(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var application = arguments.Application(request, registry.Book);
        var name = arguments.OptionalId();
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (registry.Book.FindApplication(application) is null) return DeviceErrors.UnknownApplication(application);
        if (name is null) return Show(sessions.Of(application));

        return registry.Book.TryResolve(application, name, out _, out var device) ? Show(sessions.Of(application, device.Name)) : DeviceErrors.UnknownDevice(application, name);
    }

    private static ApiResult Show(IReadOnlyList<IDeviceSession> open)
    {
        var shown = open.Select(session => new JsonObject
        {
            ["device"] = session.Identity.Device,
            ["transport"] = session.Transport,
            ["origin"] = session.Origin,
            ["since"] = session.Since.ToUnixTimeMilliseconds(),
            ["filters"] = new JsonArray([.. session.Filters.Select(filter => JsonValue.Create(filter))]),
        });
        return ApiResult.Ok(new JsonObject { ["sessions"] = new JsonArray([.. shown]), ["total"] = open.Count });
    }

    private static ApiResult Show((Device? Device, ApiError? Fault) outcome) =>
        outcome.Device is { } device ? ApiResult.Ok(RegistryArguments.Show(device.Name, device.Source)) : outcome.Fault!;
}
