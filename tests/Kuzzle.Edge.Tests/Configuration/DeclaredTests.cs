using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Devices.Provisioning;

namespace Kuzzle.Edge.Tests.Configuration;

/// <summary>Devices that are declared in files of the folder kuzzlerc.d.</summary>
public sealed class DeclaredTests
{
    [Fact]
    public void Each_file_of_the_folder_may_declare_some()
    {
        using var folder = new ConfigurationFolder()
            .With("kuzzlerc", """{ "applications": { "plant": { "edge": { "store": "last" } } } }""")
            .With("kuzzlerc.d/10-pumps.json", """{ "devices": { "plant": { "pump": { "spec": { "authentication": { "credentials": [{ "pass": "one" }] } } } } } }""")
            .With("kuzzlerc.d/20-tanks.json", """{ "devices": { "plant": { "tank": {} }, "hall": { "door": {} } }, "applications": { "hall": {} } }""");

        var declared = folder.Read().Declared;

        declared.Applications.Keys.ShouldBe(["plant", "hall"], ignoreOrder: true);
        declared.Devices["plant"].Keys.ShouldBe(["pump", "tank"], ignoreOrder: true);
        declared.Devices["hall"].Keys.ShouldBe(["door"]);
    }

    [Fact]
    public void What_is_declared_is_changed_without_a_restart_and_named_in_one_word()
    {
        using var folder = new ConfigurationFolder().With("kuzzlerc.d/10.json", """{ "applications": { "plant": {} }, "devices": { "plant": { "pump": { "spec": { "alias": ["a"] } }, "tank": { "spec": { "alias": ["b"] } } } } }""");
        var before = folder.Read();
        folder.With("kuzzlerc.d/10.json", """{ "applications": { "plant": {} }, "devices": { "plant": { "pump": { "spec": { "alias": ["c"] } } } } }""");
        folder.With("kuzzlerc.d/20.json", """{ "devices": { "plant": { "valve": { "spec": { "authentication": { "credentials": [{ "pass": "secret" }] } } } } }, "registry": { "maxDevices": 7 } }""");
        var after = folder.Read();

        var changes = ConfigurationChanges.Between(before, after);

        changes.Reloadable.ShouldBe(["devices"]);
        changes.NeedRestart.ShouldBe(["registry.maxDevices"]);
        changes.Current.Declared.Devices["plant"].Keys.ShouldBe(["pump", "valve"], ignoreOrder: true);
        changes.Current.Registry.MaxDevices.ShouldBe(before.Registry.MaxDevices);
        changes.Current.Description.ToJsonString().ShouldNotContain("secret\"");
        ConfigurationChanges.Between(changes.Current, after).Reloadable.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", WithdrawnDevices.Disable)]
    [InlineData("""{ "registry": { "withdrawn": "keep" } }""", WithdrawnDevices.Keep)]
    public void What_becomes_of_those_that_are_declared_no_longer_is_said_once(string text, WithdrawnDevices withdrawn)
    {
        using var folder = new ConfigurationFolder().WithFile(text.Length == 0 ? "{}" : text);

        folder.Read().Registry.Withdrawn.ShouldBe(withdrawn);
    }

    [Fact]
    public void A_fault_is_told_by_its_file_and_its_field_and_not_by_its_secret()
    {
        using var folder = new ConfigurationFolder()
            .With("kuzzlerc.d/10.json", """{ "devices": { "plant": { "pump": { "spec": { "authentication": { "credentials": [{ "pass": { "md5": "swordfish" } }] } } } } } }""");

        var fault = folder.Faults().ShouldHaveSingleItem();

        fault.ShouldStartWith("kuzzlerc.d/10.json");
        fault.ShouldContain("devices.plant.pump: spec.authentication.credentials[0].pass must be");
        fault.ShouldNotContain("swordfish");
    }
}
