using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Devices.Registry.Certificates;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>All applications and devices, as they are on the disk. Whoever asks hears of a change as soon as it is committed. Safe from any thread; nothing under its lock waits.</summary>
internal sealed class RegistryBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _applications = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _byIndex = new(StringComparer.Ordinal);
    private int _devices;

    /// <summary>How many devices there are.</summary>
    public int DeviceCount
    {
        get
        {
            lock (_lock) return _devices;
        }
    }

    public IReadOnlyList<Application> Applications
    {
        get
        {
            lock (_lock) return [.. _applications.Values.Select(entry => entry.Application)];
        }
    }

    public Application? FindApplication(string name)
    {
        lock (_lock) return _applications.TryGetValue(name, out var entry) ? entry.Application : null;
    }

    public Application? FindApplicationOfIndex(string index)
    {
        lock (_lock) return _byIndex.TryGetValue(index, out var entry) ? entry.Application : null;
    }

    /// <summary>The applications that trust a name.</summary>
    public IReadOnlyList<Application> FindApplicationsTrusting(string issuer)
    {
        lock (_lock) return [.. _applications.Values.Select(entry => entry.Application).Where(application => application.Anchors.Any(anchor => anchor.Subject == issuer))];
    }

    /// <summary>The device of that name; not by an alias.</summary>
    public Device? FindDevice(string application, string name)
    {
        lock (_lock) return _applications.TryGetValue(application, out var entry) ? entry.Devices.GetValueOrDefault(name) : null;
    }

    /// <summary>The device of that name or alias.</summary>
    public bool TryResolve(string application, string name, [NotNullWhen(true)] out Application? found, [NotNullWhen(true)] out Device? device)
    {
        (found, device) = (null, null);
        lock (_lock)
        {
            if (!_applications.TryGetValue(application, out var entry)) return false;
            found = entry.Application;
            device = entry.Devices.GetValueOrDefault(name) ?? entry.Aliases.GetValueOrDefault(name);
            return device is not null;
        }
    }

    /// <summary>The device whose name, or an alias, is that of a certificate.</summary>
    public Device? FindBySubject(string application, string subject)
    {
        lock (_lock) return _applications.TryGetValue(application, out var entry) ? entry.Subjects.GetValueOrDefault(subject) : null;
    }

    /// <summary>All devices of an application, in no order.</summary>
    public IReadOnlyList<Device> DevicesOf(string application)
    {
        lock (_lock) return _applications.TryGetValue(application, out var entry) ? [.. entry.Devices.Values] : [];
    }

    /// <summary>Who has a name or an alias already, other than that device itself.</summary>
    public Device? FindOwner(string application, string alias, string otherThan) =>
        TryResolve(application, alias, out _, out var owner) && owner.Name != otherThan ? owner : null;

    public void Put(Application application)
    {
        lock (_lock)
        {
            if (_applications.TryGetValue(application.Name, out var entry)) _byIndex.Remove(entry.Application.Index);
            else _applications.Add(application.Name, entry = new Entry(application));
            entry.Application = application;
            _byIndex[application.Index] = entry;
        }
    }

    public void Remove(Application application)
    {
        lock (_lock)
        {
            if (!_applications.Remove(application.Name, out var entry)) return;
            _byIndex.Remove(entry.Application.Index);
            _devices -= entry.Devices.Count;
        }
    }

    public void Put(Device device)
    {
        lock (_lock)
        {
            if (!_applications.TryGetValue(device.Application, out var entry)) return;
            Remove(entry, device.Name);
            entry.Devices.Add(device.Name, device);
            _devices++;
            foreach (var name in device.Aliases.Append(device.Name))
            {
                if (name != device.Name) entry.Aliases[name] = device;
                if (DistinguishedName.KeyOf(name) is { } subject) entry.Subjects[subject] = device;
            }
        }
    }

    public void Remove(Device device)
    {
        lock (_lock)
        {
            if (_applications.TryGetValue(device.Application, out var entry)) Remove(entry, device.Name);
        }
    }

    private void Remove(Entry entry, string name)
    {
        if (!entry.Devices.Remove(name, out var before)) return;

        _devices--;
        foreach (var alias in before.Aliases.Append(name))
        {
            if (entry.Aliases.TryGetValue(alias, out var owner) && owner.Name == name) entry.Aliases.Remove(alias);
            if (DistinguishedName.KeyOf(alias) is { } subject && entry.Subjects.TryGetValue(subject, out owner) && owner.Name == name) entry.Subjects.Remove(subject);
        }
    }

    private sealed class Entry(Application application)
    {
        public Application Application { get; set; } = application;

        public Dictionary<string, Device> Devices { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Device> Aliases { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Device> Subjects { get; } = new(StringComparer.Ordinal);
    }
}
