using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Commands;
using Kuzzle.Edge.Devices.Controllers;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Local;
using Kuzzle.Edge.Devices.Provisioning;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Registry.Secrets;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Devices.Sessions;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices;

/// <summary>The devices of this gateway: who they are, what they say, what they are told. Puts its controllers into the API; nothing of it works before <see cref="OpenAsync"/>.</summary>
public sealed partial class EdgeDevices : IAsyncDisposable
{
    /// <summary>As many as a fleet that comes back after a power cut; each waits without holding anything but its connection.</summary>
    private const int MostWaitingPasswords = 4000;

    private readonly ILogger _logger;
    private readonly PasswordWork _work = new(MostWaitingPasswords);
    private readonly DeviceRegistry _registry;
    private readonly DeclarationLedger _ledger;
    private readonly Provisioner _provisioner;
    private readonly DeviceEvents _events;
    private readonly DeviceSessions _sessions;
    private readonly CommandDispatcher _commands;
    private readonly EventRetention _retention;

    /// <summary>The devices over an API, which must not have answered a request yet.</summary>
    /// <param name="api">The API.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="wall">What is known of the time of day, for events.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="loggers">Where it logs.</param>
    public EdgeDevices(KuzzleApi api, DeviceOptions options, IWallClock wall, TimeProvider clock, ILoggerFactory loggers)
    {
        var board = new BoardClock(wall, clock);
        var proven = new ProvenSecrets(2 * options.MaxDevices);
        _logger = loggers.CreateLogger<EdgeDevices>();
        _registry = new DeviceRegistry(api, options, _work, clock, loggers.CreateLogger<DeviceRegistry>());
        _events = new DeviceEvents(api, _registry.Book, options, board, loggers.CreateLogger<DeviceEvents>());
        _sessions = new DeviceSessions(api, _registry.Book, _events, clock, loggers.CreateLogger<DeviceSessions>());
        _commands = new CommandDispatcher(api, _registry.Book, _sessions, options, clock, loggers.CreateLogger<CommandDispatcher>());
        _retention = new EventRetention(api, _registry.Book, options, board, loggers.CreateLogger<EventRetention>());
        _ledger = new DeclarationLedger(api);
        var declared = new DeclaredCredentials(_registry, new DeclaredPasswords(options.DeclarationKey), proven);
        _provisioner = new Provisioner(_registry, _ledger, declared, options.Withdrawn, loggers.CreateLogger<Provisioner>());
        Registry = new DeviceAuthenticator(_registry.Book, _work, proven, options, clock);
        Local = new LocalDevices(_registry, _sessions, _events, clock, loggers.CreateLogger<LocalDevices>());
        _registry.Changed = Follow;

        api.AddObserver(_commands);
        api.AddObserver(new RegistryObserver(_registry));
        api.AddGuard(name => name.Collection == "devices" && _registry.Book.FindApplicationOfIndex(name.Index) is not null ? DeviceErrors.Guarded(name) : null);
        api.AddController(new ApplicationsController(_registry).Controller);
        api.AddController(new DevicesController(_registry, _sessions, api, clock).Controller);
        api.AddController(new EventsController(_registry.Book, api, clock).Controller);
        api.AddController(new CommandsController(_registry.Book, _commands, api, clock).Controller);
    }

    /// <summary>Who is a device.</summary>
    public IDeviceRegistry Registry { get; }

    /// <summary>Where what devices say goes.</summary>
    public IDeviceEvents Events => _events;

    /// <summary>Has somebody else get what devices say, from now on.</summary>
    public void UseRelay(IEventRelay relay) => _events.Relay = relay;

    /// <summary>Where endpoints tell who is here.</summary>
    public IDeviceSessions Sessions => _sessions;

    /// <summary>For the devices of this process.</summary>
    public ILocalDevices Local { get; }

    /// <summary>Reads the registry, brings what is declared into it, and takes up the commands that wait. Once, before devices come.</summary>
    /// <param name="declared">What the configuration declares.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is wrong with what is declared; all of that is left out, and the rest is in force.</returns>
    /// <exception cref="DocumentStoreException">The store does not answer.</exception>
    public async Task<IReadOnlyList<string>> OpenAsync(DeclaredRegistry declared, CancellationToken cancellationToken)
    {
        await _registry.OpenAsync(cancellationToken);
        await _ledger.OpenAsync(cancellationToken);
        using var work = new PasswordWork(MostWaitingPasswords, Environment.ProcessorCount); // Nobody else wants the cores: devices come when all of them are known.
        var faults = await _provisioner.ApplyAsync(declared, work, cancellationToken);
        await _sessions.OpenAsync(cancellationToken);
        await _commands.OpenAsync(cancellationToken);
        _retention.Start();
        return faults;
    }

    /// <summary>Brings what is declared now into the registry, as at the start. After <see cref="OpenAsync"/>; one call at a time.</summary>
    /// <param name="declared">What the configuration declares.</param>
    /// <param name="cancellationToken">Ends it between two devices.</param>
    /// <returns>What is wrong with what is declared; the log has it, too.</returns>
    /// <exception cref="DocumentStoreException">The store does not answer.</exception>
    public Task<IReadOnlyList<string>> ProvisionAsync(DeclaredRegistry declared, CancellationToken cancellationToken) => _provisioner.ApplyAsync(declared, _work, cancellationToken);

    /// <summary>Ends what runs in the background. What endpoints and local devices have open must be closed before, the API after.</summary>
    public async Task StopAsync()
    {
        await _commands.DisposeAsync();
        await _retention.StopAsync();
        await _registry.WhenReloadedAsync();
    }

    /// <summary>Completes when changes that others have made are in force; they are within moments, and this is for whoever must not be early.</summary>
    internal Task WhenSettledAsync() => _registry.WhenReloadedAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _retention.Dispose();
        _events.Dispose();
        _registry.Dispose();
        _work.Dispose();
    }

    private void Follow(RegistryChange change)
    {
        try
        {
            _sessions.Follow(change);
            _commands.Follow(change);
            _events.TellRegistry(change);
        }
        catch (Exception exception)
        {
            // The change is committed and in force; whoever made it is told so, whatever fails behind it.
            LogNotFollowed(change.Application.Name, change.DeviceName, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A change of {Application} {Device} is in force, but not everybody was told")]
    private partial void LogNotFollowed(string application, string? device, Exception exception);
}
