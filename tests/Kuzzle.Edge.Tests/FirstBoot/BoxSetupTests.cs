using System.Text.Json;
using Kuzzle.Edge.FirstBoot;

namespace Kuzzle.Edge.Tests.FirstBoot;

public sealed class BoxSetupTests : IDisposable
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQ7d3N1bW1lciByYWluIG9uIHRoZSByb29m me@laptop";

    private const string Whole =
        $$"""
        hostname = "pump-house"
        timezone = "Europe/Paris"

        [wifi]
        ssid = "Café"
        password = "a \"quoted\" secret"
        country = "fr"

        [network]
        address = "192.168.1.10/24"
        gateway = "192.168.1.1"
        dns = ["192.168.1.1", "2001:db8::1"]

        [ssh]
        keys = ["{{Key}}"]

        [admin]
        name = "root"
        password = "correct horse"

        [upstream.kuzzle]
        url = "wss://cloud.example:7512"
        rules = ["plant/*"]

        [[sensors]]
        name = "cpu"
        source = "thermal"
        chip = "cpu-thermal"
        interval = "30s"

        [settings.storage]
        durability = "relaxed"
        """;

    private readonly FreshBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void A_box_becomes_what_its_owner_has_written()
    {
        _box.Given("kuzzle-edge.toml", Whole);

        _box.Apply().ShouldBe(0);

        _box.Read("etc/hostname").ShouldBe("pump-house\n");
        new FileInfo(Path.Combine(_box.Root, "etc/localtime")).LinkTarget.ShouldBe("/usr/share/zoneinfo/Europe/Paris");
        var wireless = _box.Read("etc/wpa_supplicant/kuzzle-edge.conf").ShouldNotBeNull();
        wireless.ShouldContain("country=FR\n");
        wireless.ShouldContain("ssid=436166c3a9\n");
        wireless.ShouldContain("psk=\"a \"quoted\" secret\"\n");
        var wired = _box.Read("etc/systemd/network/20-first-boot.network").ShouldNotBeNull();
        wired.ShouldContain("Address=192.168.1.10/24\nGateway=192.168.1.1\nDNS=192.168.1.1\nDNS=2001:db8::1\n");
        _box.Read("root/.ssh/authorized_keys").ShouldBe(Key + "\n");
        var gateway = JsonElement.Parse(_box.Read("etc/kuzzle-edge/kuzzlerc.d/50-first-boot.json")!);
        gateway.GetProperty("upstream").GetProperty("kuzzle").GetProperty("url").GetString().ShouldBe("wss://cloud.example:7512");
        gateway.GetProperty("sensors")[0].GetProperty("chip").GetString().ShouldBe("cpu-thermal");
        gateway.GetProperty("storage").GetProperty("durability").GetString().ShouldBe("relaxed");
        new Claim(_box.Root).Reserved.ShouldBe(new FirstAdmin("root", "correct horse"));
    }

    [Fact]
    public void Nobody_but_root_reads_the_secrets()
    {
        _box.Given("kuzzle-edge.toml", Whole).Apply();

        _box.ModeOf("etc/wpa_supplicant/kuzzle-edge.conf").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _box.ModeOf("etc/kuzzle-edge/first-admin.json").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _box.ModeOf("etc/kuzzle-edge/kuzzlerc.d/50-first-boot.json").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _box.ModeOf("root/.ssh").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void The_secrets_leave_the_card_and_the_answer_holds_none()
    {
        _box.Given("kuzzle-edge.toml", Whole).Given("firstrun.sh", "#!/bin/sh\n");

        _box.Apply();

        _box.ReadCard("kuzzle-edge.toml").ShouldBeNull();
        _box.ReadCard("firstrun.sh").ShouldBeNull();
        var answer = _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull();
        answer.ShouldContain("Done: what kuzzle-edge.toml, firstrun.sh said.");
        answer.ShouldNotContain("secret\"");
        answer.ShouldNotContain("correct horse");
    }

    [Fact]
    public void The_disk_has_everything_before_the_card_loses_it()
    {
        _box.Given("kuzzle-edge.toml", Whole).Apply();

        _box.Tools.Calls.Last(call => !call.StartsWith("agetty", StringComparison.Ordinal)).ShouldBe("sync");
    }

    [Fact]
    public void Doing_it_again_after_a_power_cut_comes_to_the_same()
    {
        _box.Given("kuzzle-edge.toml", Whole).Apply();
        var code = new Claim(_box.Root).Code;

        _box.Given("kuzzle-edge.toml", Whole).Apply().ShouldBe(0);

        new Claim(_box.Root).Code.ShouldBe(code);
        _box.Read("etc/hostname").ShouldBe("pump-house\n");
    }

    [Theory]
    [InlineData("hostname = \"-a\"", "kuzzle-edge.toml:1: hostname must be a name of 1 to 63 letters, digits and '-', beginning and ending with a letter or digit, not the text \"-a\"")]
    [InlineData("hostnam = \"a\"", "kuzzle-edge.toml:1: hostnam is not a setting; did you mean hostname?")]
    [InlineData("timezone = \"Europe/Atlantis\"", "timezone: there is no time zone \"Europe/Atlantis\" on this box; there are those of /usr/share/zoneinfo, such as \"Europe/Paris\"")]
    [InlineData("timezone = \"../../etc/shadow\"", "kuzzle-edge.toml:1: timezone must be a time zone such as \"Europe/Paris\", not the text \"../../etc/shadow\"")]
    [InlineData("[wifi]\nssid = \"a\"\npassword = \"short\"", "kuzzle-edge.toml:3: wifi.password must be the password of a wireless network: 8 to 63 ASCII characters, or a key of 64 hexadecimal digits, not what is written there")]
    [InlineData("[wifi]\npassword = \"long enough\"", "kuzzle-edge.toml:2: wifi.password means nothing without wifi.ssid")]
    [InlineData("[network]\naddress = \"192.168.1.10\"", "kuzzle-edge.toml:2: network.address must be an address with the length of its prefix such as \"192.168.1.10/24\", not the text \"192.168.1.10\"")]
    [InlineData("[admin]\npassword = \"1234567\"", "kuzzle-edge.toml:2: admin.password must be a password of at least 8 characters, not what is written there")]
    [InlineData("[ssh]\nkeys = [\"-----BEGIN OPENSSH PRIVATE KEY-----\"]", "kuzzle-edge.toml:2: ssh.keys[0] must be a public key")]
    [InlineData("[user]\nname = \"joe\"", "kuzzle-edge.toml: the user joe could never log in; give a password or an SSH key")]
    [InlineData("[ssh]\npasswords = true\n[user]\nname = \"joe\"", "kuzzle-edge.toml:2: ssh.passwords needs user.password")]
    [InlineData("[upstream.kuzzle]\nurl = \"mqtt://a\"\nrules = [\"a/*\"]", "kuzzle-edge.toml:2: upstream.kuzzle.url must be")]
    [InlineData("[[sensors]]\nnam = \"a\"", "kuzzle-edge.toml:2: sensors[0].nam is not a setting")]
    [InlineData("settings = 1", "kuzzle-edge.toml:1: settings must be an object of the gateway's settings, not 1")]
    [InlineData("[admin]\npassword = \"long enough\"\n[settings.server.protocols.http]\nenabled = false", "admin: the administrator is made through the gateway's HTTP, which is off")]
    [InlineData("hostname = ", "kuzzle-edge.toml:1: is not valid TOML: a value is missing before the end of the line")]
    public void What_is_wrong_is_told_on_the_card_and_nothing_is_done(string text, string fault)
    {
        _box.Given("kuzzle-edge.toml", text + "\n");

        _box.Apply().ShouldBe((int)ExitCode.Configuration);

        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldContain(fault);
        _box.Read("run/issue.d/60-first-boot.issue").ShouldNotBeNull().ShouldContain("Nothing of kuzzle-edge.toml was done, because:");
        _box.ReadCard("kuzzle-edge.toml").ShouldBe(text + "\n");
        _box.Read("etc/hostname").ShouldBeNull();
        _box.Tools.Calls.ShouldNotContain(call => !call.StartsWith("agetty", StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        _box.Given("kuzzle-edge.json", """{ "hostname": "", "wifi": { "ssid": "" }, "upstream": { "kuzzle": { "url": "mqtt://a", "rules": ["a/*"] } } }""");

        _box.Apply();

        var answer = _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull();
        answer.ShouldContain("kuzzle-edge.json:1: hostname must be");
        answer.ShouldContain("wifi.ssid must be");
        answer.ShouldContain("upstream.kuzzle.url must be");
    }

    [Fact]
    public void Two_files_of_ours_are_one_too_many()
    {
        _box.Given("kuzzle-edge.json", "{}").Given("kuzzle-edge.toml", "");

        _box.Apply().ShouldBe((int)ExitCode.Configuration);

        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldContain("they could contradict each other; keep one");
    }

    [Fact]
    public void Our_own_file_counts_more_than_Imagers_and_Imagers_fills_what_it_leaves_open()
    {
        _box.Given("kuzzle-edge.toml", "hostname = \"ours\"").Given("rpi-preseed.toml", "[system]\nhostname = \"theirs\"\n[locale]\ntimezone = \"Europe/Paris\"\n");

        _box.Apply().ShouldBe(0);

        _box.Read("etc/hostname").ShouldBe("ours\n");
        new FileInfo(Path.Combine(_box.Root, "etc/localtime")).LinkTarget.ShouldNotBeNull();
    }

    [Fact]
    public void What_a_tool_refuses_is_told_the_rest_is_done_and_all_is_tried_again()
    {
        const string Written = "hostname = \"a\"\n[user]\nname = \"joe\"\npassword = \"hush\"\n";
        _box.Tools.Refusing = "useradd";
        _box.Given("kuzzle-edge.toml", Written);

        _box.Apply().ShouldBe((int)ExitCode.Unexpected);

        var answer = _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull();
        answer.ShouldContain("useradd --create-home --shell /bin/bash -- joe: no");
        answer.ShouldContain("all of it is tried again at the next start");
        answer.ShouldNotContain("hush");
        _box.Read("run/issue.d/60-first-boot.issue").ShouldNotBeNull().ShouldContain("Not all of kuzzle-edge.toml could be done:");
        _box.ReadCard("kuzzle-edge.toml").ShouldBe(Written);
        _box.Read("etc/hostname").ShouldBe("a\n");
        _box.Tools.Calls.ShouldContain("chpasswd < joe:hush");

        _box.Tools.Refusing = null;
        _box.Apply().ShouldBe(0);
        _box.ReadCard("kuzzle-edge.toml").ShouldBeNull();
        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldStartWith("Done: ");
    }

    [Fact]
    public void A_disk_that_cannot_be_written_keeps_the_file_on_the_card_and_is_told_there()
    {
        _box.With("etc/systemd/network", "a file where a folder must be").Given("kuzzle-edge.toml", Whole);

        _box.Apply().ShouldBe((int)ExitCode.DiskFailure);

        _box.ReadCard("kuzzle-edge.toml").ShouldBe(Whole);
        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldContain("could not be carried out to its end, and is tried again at the next start");
    }

    [Fact]
    public void A_file_that_was_overwritten_when_the_power_went_is_removed_and_not_complained_about()
    {
        _box.Given("kuzzle-edge.toml", new string('\0', 300));

        _box.Apply().ShouldBe(0);

        _box.ReadCard("kuzzle-edge.toml").ShouldBeNull();
        _box.ReadCard("kuzzle-edge.txt").ShouldBeNull();
    }

    [Fact]
    public void A_user_who_is_there_already_is_not_made_again()
    {
        _box.With("etc/passwd", "joe:x:1000:1000::/home/joe:/bin/bash\n").Given("kuzzle-edge.toml", "[user]\nname = \"joe\"\npassword = \"$y$j9T$salt$hash\"\n");

        _box.Apply().ShouldBe(0);

        _box.Tools.Calls.ShouldBe(["chpasswd --encrypted < joe:$y$j9T$salt$hash", "sync"]);
        _box.Read("etc/sudoers.d/first-boot").ShouldBe("joe ALL=(ALL:ALL) ALL\n");
    }

    [Fact]
    public void A_card_that_cannot_be_read_is_not_taken_for_an_empty_one()
    {
        _box.WithoutCard();

        _box.Apply().ShouldBe((int)ExitCode.DiskFailure);

        _box.Read("run/issue.d/60-first-boot.issue").ShouldNotBeNull().ShouldContain("The partition with the owner's file cannot be read");
        _box.Read("etc/kuzzle-edge/kuzzlerc.d/10-claim.json").ShouldNotBeNull("the box is nobody's all the same");
    }

    [Fact]
    public void A_box_that_nobody_has_told_anything_gets_a_claim_code_of_its_own()
    {
        _box.Apply().ShouldBe(0);

        new Claim(_box.Root).Code.ShouldNotBeNull().ShouldMatch("^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$");
        _box.ModeOf("etc/kuzzle-edge/kuzzlerc.d/10-claim.json").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _box.ReadCard("kuzzle-edge.txt").ShouldBeNull();
    }
}
