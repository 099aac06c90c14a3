using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Devices;

/// <summary>Errors about applications, devices and commands. Kuzzle has none of them; their domain is one that it does not use.</summary>
internal static class DeviceErrors
{
    private const int Domain = 0x20;

    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"edge.devices.{name}", (Domain << 24) | (1 << 16) | number, status, message, props);

    public static ApiError UnknownApplication(string application) => Error("unknown_application", 1, 404, $"There is no application \"{application}\".", application);

    public static ApiError UnknownDevice(string application, string device) =>
        Error("unknown_device", 2, 404, $"The application \"{application}\" has no device \"{device}\".", application, device);

    public static ApiError ApplicationExists(string application) => Error("application_exists", 3, 400, $"There is an application \"{application}\" already.", application);

    public static ApiError DeviceExists(string application, string device) =>
        Error("device_exists", 4, 400, $"The application \"{application}\" has a device \"{device}\" already.", application, device);

    /// <summary>A field of a document that cannot be as it is.</summary>
    /// <param name="field">Its path.</param>
    /// <param name="why">What would be right, to follow the path.</param>
    public static ApiError InvalidField(string field, string why) => Error("invalid_field", 5, 400, $"{field} {why}", field);

    public static ApiError Conflict(string field) => Error("conflict", 6, 412, $"The document was changed meanwhile: {field} is not that of the stored one.", field);

    public static ApiError TooMany(string what, int most) => Error("too_many", 7, 413, $"There are {most} {what} already; more are not allowed.", what);

    public static ApiError Busy() => Error("busy", 8, 503, "Too many passwords wait to be hashed; try again later.");

    public static ApiError Guarded(CollectionName collection) =>
        Error("guarded", 9, 403, $"The documents of {collection} are devices: they are changed by the controller edge/devices only.", collection.Index, collection.Collection);

    public static ApiError Disabled(string device) => Error("disabled", 10, 403, $"\"{device}\" is disabled.", device);

    public static ApiError UnknownCommand(string id) => Error("unknown_command", 11, 404, $"There is no command \"{id}\".", id);

    public static ApiError UnknownEvent(string id) => Error("unknown_event", 15, 404, $"There is no event \"{id}\".", id);

    public static ApiError NotQueued(string id, string state) => Error("not_queued", 12, 412, $"The command \"{id}\" cannot be cancelled any more: it is {state}.", id, state);

    public static ApiError TooManyCommands() => Error("too_many_commands", 14, 503, "Too many commands wait for their devices; try again later.");

    /// <summary>What the command endpoint of a Drogue cloud answers to what it cannot send.</summary>
    public static ApiError NotAcceptable(string reason) => Error("not_acceptable", 13, 406, reason);
}
