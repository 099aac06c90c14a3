using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Registry.Certificates;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>
/// Finds the device that credentials belong to, and for whom it may speak. A refusal takes as long for names that nobody has as for wrong passwords; of what was right once,
/// a MAC is enough the next time.
/// </summary>
internal sealed class DeviceAuthenticator(RegistryBook book, PasswordWork work, ProvenSecrets proven, DeviceOptions options, TimeProvider clock) : IDeviceRegistry
{
    private readonly ISecretHash _decoy = SecretHashes.Decoy(options.PasswordIterations);
    private readonly FailureAllowance _byName = new(burst: 10, TimeSpan.FromSeconds(5), clock);

    // A fleet may share one address, and one of its devices may have a wrong password: generous, for the bound on what waits protects the cores.
    private readonly FailureAllowance _byOrigin = new(burst: 100, TimeSpan.FromSeconds(1), clock);

    public async ValueTask<DeviceAuthentication> AuthenticateAsync(DeviceCredentials credentials, string? origin, CancellationToken cancellationToken) => credentials switch
    {
        DevicePassword given => await CheckAsync(given.Application, given.Device, given.Password, origin, device => Candidates(given, device), cancellationToken),
        DeviceUserPassword given => await CheckAsync(given.Application, given.Device, given.Password, origin, device => Candidates(given, device), cancellationToken),
        DeviceCertificate given => Check(given),
        DevicePreSharedKey given => Check(given),
        _ => DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, "Credentials of a form that nobody knows."),
    };

    public ValueTask<byte[]?> FindPreSharedKeyAsync(string identity, CancellationToken cancellationToken)
    {
        var at = identity.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || !book.TryResolve(identity[(at + 1)..], identity[..at], out var application, out var device)) return new((byte[]?)null);

        return new(FindFault(application, device) is null ? PskCredential.Choose(device.Credentials, clock.GetUtcNow())?.Key : null);
    }

    public ValueTask<DeviceRuling> MayActForAsync(DeviceIdentity gateway, string target, CancellationToken cancellationToken) => new(MayActFor(gateway, target));

    /// <inheritdoc cref="MayActForAsync"/>
    public DeviceRuling MayActFor(DeviceIdentity gateway, string target)
    {
        if (!book.TryResolve(gateway.Application, gateway.Device, out var application, out var sender) || sender.Uid != gateway.DeviceUid || application.Uid != gateway.ApplicationUid
            || application.IsDisabled || sender.IsDisabled)
        {
            return DeviceRuling.Refuse(DeviceRulingRefusal.Disabled);
        }

        if (!book.TryResolve(gateway.Application, target, out _, out var device)) return DeviceRuling.Refuse(DeviceRulingRefusal.UnknownDevice);
        if (device.Name == sender.Name) return DeviceRuling.Allow(device.Name, device.Uid);
        if (device.IsDisabled || device.Fault is not null) return DeviceRuling.Refuse(DeviceRulingRefusal.Disabled);
        return device.Gateways.Contains(sender.Name, StringComparer.Ordinal) ? DeviceRuling.Allow(device.Name, device.Uid) : DeviceRuling.Refuse(DeviceRulingRefusal.NotItsGateway);
    }

    /// <summary>The identity of a device that may be here.</summary>
    public static DeviceIdentity IdentityOf(Application application, Device device) => new(application.Name, device.Name)
    {
        ApplicationUid = application.Uid,
        DeviceUid = device.Uid,
        Dialect = device.Dialect ?? application.Dialect ?? DeviceDialect.DrogueV1,
    };

    private static IEnumerable<(StoredCredential Credential, ISecretHash Hash)> Candidates(DevicePassword given, Device device) => device.Credentials.SelectMany(
        credential => credential switch
        {
            PassCredential pass => ((StoredCredential, ISecretHash)[])[(pass, pass.Hash)],
            UserCredential user when user.UserName == (user.IsUnique ? given.Device : device.Name) => [(user, user.Hash)],
            _ => [],
        });

    private static IEnumerable<(StoredCredential Credential, ISecretHash Hash)> Candidates(DeviceUserPassword given, Device device) => device.Credentials.SelectMany(
        credential => credential switch
        {
            UserCredential user when user.UserName == given.User => ((StoredCredential, ISecretHash)[])[(user, user.Hash)],
            PassCredential pass when given.User == device.Name => [(pass, pass.Hash)],
            _ => [],
        });

    /// <summary>Why nobody of that application, or that device, may be here; or null.</summary>
    private static string? FindFault(Application application, Device device) =>
        application.IsDisabled ? $"The application {application.Name} is disabled."
        : device.IsDisabled ? $"The device {device} is disabled."
        : null;

    private async ValueTask<DeviceAuthentication> CheckAsync(
        string applicationName,
        string deviceName,
        string password,
        string? origin,
        Func<Device, IEnumerable<(StoredCredential Credential, ISecretHash Hash)>> candidatesOf,
        CancellationToken cancellationToken)
    {
        var isKnown = book.TryResolve(applicationName, deviceName, out var application, out var device);
        var candidates = isKnown ? candidatesOf(device!).Select(candidate => candidate.Hash).ToList() : [];
        if (candidates.Exists(hash => proven.Contains(hash, password))) return Admit(application!, device!);

        var name = $"{applicationName}/{(isKnown ? device!.Name : deviceName)}";
        var address = AddressOf(origin);
        if (!_byOrigin.Allows(address) || !_byName.TryTake(name)) return DeviceAuthentication.Refuse(DeviceRefusal.TooManyAttempts, "Too many attempts have failed; the next is let in seconds later.");

        if (candidates.Count == 0) candidates.Add(_decoy);
        var (isDone, right) = await work.TryRunAsync(() => FindRight(candidates, password), cancellationToken);
        if (!isDone)
        {
            _byName.GiveBack(name);
            return DeviceAuthentication.Refuse(DeviceRefusal.TooManyAttempts, "Too many passwords wait for their check.");
        }

        if (right is null || ReferenceEquals(right, _decoy))
        {
            _ = _byOrigin.TryTake(address);
            return DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, isKnown ? $"The password of {device} is wrong, or it has none of that form." : $"There is no device {deviceName}@{applicationName}.");
        }

        _byName.Forget(name);
        proven.Add(right, password);

        // As it is by now: the check has taken its time.
        if (!book.TryResolve(applicationName, deviceName, out application, out device) || candidatesOf(device).All(candidate => candidate.Hash.Text != right.Text))
        {
            return DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, $"The device {deviceName}@{applicationName} was changed meanwhile.");
        }

        return Admit(application, device);
    }

    private static ISecretHash? FindRight(List<ISecretHash> candidates, string password)
    {
        // All of them, whichever is right: the time shall not tell which.
        ISecretHash? right = null;
        foreach (var hash in candidates)
        {
            if (hash.Verify(password)) right = hash;
        }

        return right;
    }

    private DeviceAuthentication Check(DeviceCertificate given)
    {
        var subject = DistinguishedName.KeyOf(given.Certificate.SubjectName);
        var issuers = IssuersOf(given);
        var now = clock.GetUtcNow();
        var isTrusted = false;
        foreach (var application in issuers.SelectMany(book.FindApplicationsTrusting).Distinct())
        {
            isTrusted = true;
            if (!application.Anchors.Any(anchor => issuers.Contains(anchor.Subject) && anchor.Vouches(given.Certificate, given.Intermediates, now))) continue;
            if (book.FindBySubject(application.Name, subject) is { } device) return Admit(application, device);
        }

        return DeviceAuthentication.Refuse(
            DeviceRefusal.BadCredentials,
            isTrusted ? $"The {given} is not valid, or no device has its subject as name or alias." : $"No application trusts {given.Certificate.Issuer}.");
    }

    /// <summary>Who may have signed: the issuer by name, and above it those of the certificates that came along. Nothing of it is proven yet.</summary>
    private static HashSet<string> IssuersOf(DeviceCertificate given)
    {
        var issuers = new HashSet<string>(StringComparer.Ordinal) { DistinguishedName.KeyOf(given.Certificate.IssuerName) };
        for (var before = 0; before != issuers.Count;)
        {
            before = issuers.Count;
            foreach (var above in given.Intermediates.Where(above => issuers.Contains(DistinguishedName.KeyOf(above.SubjectName)))) issuers.Add(DistinguishedName.KeyOf(above.IssuerName));
        }

        return issuers;
    }

    private DeviceAuthentication Check(DevicePreSharedKey given)
    {
        if (!book.TryResolve(given.Application, given.Device, out var application, out var device))
        {
            return DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, $"There is no device {given.Device}@{given.Application}.");
        }

        return PskCredential.Choose(device.Credentials, clock.GetUtcNow()) is null
            ? DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, $"The device {device} has no pre-shared key that is valid now.")
            : Admit(application, device);
    }

    private static DeviceAuthentication Admit(Application application, Device device) =>
        FindFault(application, device) is { } fault ? DeviceAuthentication.Refuse(DeviceRefusal.BadCredentials, fault)
        : (device.Fault ?? application.Fault) is { } unreadable ? DeviceAuthentication.Refuse(DeviceRefusal.UnreadableConfiguration, unreadable)
        : DeviceAuthentication.Accept(IdentityOf(application, device));

    /// <summary>Without the port, which changes with each attempt.</summary>
    private static string AddressOf(string? origin) => RemoteMachine.KeyOf(origin) ?? origin ?? "";
}
