using System.Globalization;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Errors of the controller <c>edge/sensors</c>: domain <c>edge</c>, subdomain <c>sensors</c>. Kuzzle has neither.</summary>
public static class SensorErrors
{
    private const int Domain = 0x20;
    private const int Subdomain = 3;

    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"edge.sensors.{name}", (Domain << 24) | (Subdomain << 16) | number, status, message, props);

    /// <summary>No sensor of that name.</summary>
    public static ApiError NotFound(string name) => Error("not_found", 1, 404, $"There is no sensor \"{name}\".", name);

    /// <summary>There is one already.</summary>
    public static ApiError AlreadyExists(string name) => Error("already_exists", 2, 400, $"There is a sensor \"{name}\" already; \"update\" changes it.", name);

    /// <summary>A sensor of the configuration file is changed there.</summary>
    public static ApiError ReadOnly(string name) =>
        Error("read_only", 3, 403, $"The sensor \"{name}\" is written in the configuration file of this box; change it there and restart.", name);

    /// <summary>A definition with faults.</summary>
    public static ApiError Invalid(IReadOnlyList<string> faults) => Error("invalid_definition", 4, 400, $"The definition is wrong: {string.Join("; ", faults)}.", [.. faults]);

    /// <summary>The hardware says no.</summary>
    public static ApiError Unreadable(string name, string fault) => Error("unreadable", 5, 503, $"The sensor \"{name}\" cannot be read: {fault}", name, fault);

    /// <summary>There is no hardware to look at.</summary>
    public static ApiError NoHardware() => Error("no_hardware", 6, 503, "This box gives no access to its lines and buses.");

    /// <summary>Nothing of its past is kept.</summary>
    public static ApiError NoHistory(string name) => Error("no_history", 7, 412, $"The sensor \"{name}\" keeps no readings: its \"store\" is not \"all\".", name);

    /// <summary>As many as this box may have.</summary>
    public static ApiError TooMany(int limit) => Error("too_many", 8, 400, FormattableString.Invariant($"There are {limit} sensors, and there may be no more."), limit.ToString(CultureInfo.InvariantCulture));
}
