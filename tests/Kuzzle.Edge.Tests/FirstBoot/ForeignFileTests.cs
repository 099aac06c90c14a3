namespace Kuzzle.Edge.Tests.FirstBoot;

/// <summary>What Raspberry Pi Imager writes for cloud-init, and what people of Raspberry Pi OS put on their cards.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQ7d3N1bW1lciByYWluIG9uIHRoZSByb29m me@laptop";
    private const string Psk = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Wireless = "etc/wpa_supplicant/kuzzle-edge.conf";

    private const string UserData =
        $$"""
        #cloud-config
        manage_resolv_conf: false

        hostname: shed
        manage_etc_hosts: true
        packages:
        - avahi-daemon

        apt:
          preserve_sources_list: true
          conf: |
            Acquire {
              Check-Date "false";
            };

        timezone: Europe/Paris
        keyboard:
          model: pc105
          layout: "gb"
        users:
        - name: joe
          groups: users,adm,dialout,audio,netdev,video,plugdev,cdrom,games,input,gpio,spi,i2c,render,sudo
          shell: /bin/bash
          lock_passwd: false
          passwd: "$y$j9T$salt$hash"
          ssh_authorized_keys:
            - {{Key}}
          sudo: ALL=(ALL) NOPASSWD:ALL

        enable_ssh: true
        ssh_pwauth: false
        rpi:
          interfaces:
            i2c: true
            serial: true
        """;

    private const string NetworkConfig =
        $$"""
        network:
          version: 2
          ethernets:
            eth0:
              dhcp4: true
              dhcp6: true
              optional: true
          wifis:
            wlan0:
              dhcp4: true
              regulatory-domain: "GB"
              access-points:
                "Say \"hi\" \\ Café":
                  hidden: true
                  password: "{{Psk}}"
              optional: true
        """;

    private readonly FreshBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void What_Imager_writes_for_cloud_init_is_understood()
    {
        _box.Given("user-data", UserData).Given("network-config", NetworkConfig).Given("meta-data", "instance-id: rpi-imager-1\n");

        _box.Apply().ShouldBe(0, _box.ReadCard("kuzzle-edge.txt"));

        _box.Read("etc/hostname").ShouldBe("shed\n");
        new FileInfo(Path.Combine(_box.Root, "etc/localtime")).LinkTarget.ShouldBe("/usr/share/zoneinfo/Europe/Paris");
        _box.Read("home/joe/.ssh/authorized_keys").ShouldBe(Key + "\n");
        _box.Read("etc/sudoers.d/first-boot").ShouldBe("joe ALL=(ALL:ALL) NOPASSWD: ALL\n");
        _box.Read("etc/ssh/sshd_config.d/40-first-boot.conf").ShouldBe("PasswordAuthentication no\n");
        _box.Tools.Calls.ShouldContain("chpasswd --encrypted < joe:$y$j9T$salt$hash");
        _box.Read(Wireless).ShouldNotBeNull().ShouldContain($"country=GB\nnetwork={{\n  ssid={Convert.ToHexStringLower("Say \"hi\" \\ Café"u8)}\n  scan_ssid=1\n  key_mgmt=WPA-PSK\n  psk={Psk}\n}}");
        _box.Read("etc/systemd/network/20-first-boot.network").ShouldBeNull();
        _box.ReadCard("user-data").ShouldBeNull();
        _box.ReadCard("network-config").ShouldBeNull();
        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldContain("user-data: packages was not done");
    }

    [Fact]
    public void A_template_of_comments_wants_nothing()
    {
        _box.Given("user-data", "#cloud-config\n# hostname: raspberrypi\n").Given("network-config", "# network:\n#   version: 2\n");

        _box.Apply().ShouldBe(0);

        _box.Read("etc/hostname").ShouldBeNull();
    }

    [Fact]
    public void A_fixed_address_and_an_open_network_are_understood()
    {
        _box.Given("network-config", """
            version: 2
            ethernets:
              eth0:
                dhcp4: false
                addresses: [192.168.1.10/24]
                routes: [{ to: default, via: 192.168.1.1 }]
                nameservers: { addresses: [192.168.1.1, "2001:db8::1"] }
            wifis:
              wlan0:
                access-points: { Guest: { password: "" } }
            """);

        _box.Apply().ShouldBe(0, _box.ReadCard("kuzzle-edge.txt"));

        _box.Read("etc/systemd/network/20-first-boot.network").ShouldNotBeNull().ShouldContain("Address=192.168.1.10/24\nGateway=192.168.1.1\nDNS=192.168.1.1\nDNS=2001:db8::1\n");
        _box.Read(Wireless).ShouldNotBeNull().ShouldContain($"ssid={Convert.ToHexStringLower("Guest"u8)}\n  key_mgmt=NONE\n");
    }

    [Theory]
    [InlineData("user-data", "hostname: [a", "user-data:2: is not valid YAML: ")]
    [InlineData("user-data", "hostname: a\nhostname: b", "user-data:2: is not valid YAML: \"hostname\" is written twice")]
    [InlineData("user-data", "a: &x [1]\nb: *x", "user-data:2: is not valid YAML: references are not understood; write the value itself")]
    [InlineData("user-data", "hostname: !!binary aGk=", "tags such as tag:yaml.org,2002:binary are not understood")]
    [InlineData("user-data", "- a", "user-data:1: is not valid YAML: it must be keys with values, not a list")]
    [InlineData("user-data", "hostname: -a-", "user-data:1: hostname must be a name of 1 to 63 letters")]
    [InlineData("user-data", "ssh_pwauth: perhaps", "user-data:1: ssh_pwauth must be true or false")]
    [InlineData("user-data", "users:\n- name: joe\n  ssh_authorized_keys: [none]", "user-data:3: users[0].ssh_authorized_keys must be a list, each of it a public key")]
    [InlineData("user-data", "users:\n- name: joe\n- name: jim", "user-data:3: users[1].name is a second user; this box makes one")]
    [InlineData("user-data", "users:\n- passwd: x", "user-data:2: users[0].name is missing")]
    [InlineData("user-data", "users:\n- name: joe\n  passwd: \"$6$a$b\"", "the user joe could never log in; give a password or an SSH key")]
    [InlineData("user-data", "#!/bin/sh\nreboot", "user-data:1: is a script or an archive")]
    [InlineData("network-config", "version: 1\nconfig: []", "network-config:1: version must be 2")]
    [InlineData("network-config", "network: { version: 2, wifis: { wlan0: { access-points: { a: {}, b: {} } } } }", "network.wifis.wlan0.access-points.b is a second wireless network; this box joins one")]
    [InlineData("network-config", "network: { version: 2, wifis: { wlan0: { access-points: { a: { password: short } } } } }", "network.wifis.wlan0.access-points.a.password must be the password of a wireless network")]
    [InlineData("network-config", "network: { version: 2, wifis: { wlan0: { access-points: { a: { auth: { key-management: eap } } } } } }", "key-management must be psk, sae or none, not \"eap\"")]
    [InlineData("network-config", "network: { version: 2, ethernets: { eth0: { addresses: [10.0.0.1] } } }", "network.ethernets.eth0.addresses must be a list, each of it an address with the length of its prefix")]
    [InlineData("network-config", "network: { version: 2, ethernets: { eth0: { addresses: [10.0.0.1/8, 10.0.0.2/8] } } }", "must be one address")]
    [InlineData("userconf.txt", "joe", "userconf.txt:1: must be NAME:HASH")]
    [InlineData("userconf.txt", "joe:plain", "userconf.txt:1: must be NAME:HASH")]
    [InlineData("wpa_supplicant.conf", "network={\n ssid=\"a\"\n psk=\"short\"\n}", "wpa_supplicant.conf:1: psk must be the password of a wireless network")]
    [InlineData("wpa_supplicant.conf", "network={\n ssid=\"a\"\n}", "wpa_supplicant.conf:1: psk must be")]
    [InlineData("wpa_supplicant.conf", "network={\n ssid=\"a\"\n key_mgmt=WPA-EAP\n}", "wpa_supplicant.conf:1: is a network with a name and password for each user (EAP)")]
    [InlineData("wpa_supplicant.conf", "network={\n ssid=\"a\"\n psk=\"long enough\"\n}\nnetwork={\n}", "wpa_supplicant.conf:5: begins a second network; this box joins one")]
    [InlineData("wpa_supplicant.conf", "network={\n ssid=\"a\"\n", "wpa_supplicant.conf:1: begins a network that has no end")]
    [InlineData("wpa_supplicant.conf", "country=Britain\nnetwork={\n ssid=\"a\"\n key_mgmt=NONE\n}", "country must be a country's two letters")]
    public void What_is_not_understood_is_told_and_nothing_is_done(string file, string text, string fault)
    {
        _box.Given(file, text + "\n");

        _box.Apply().ShouldBe((int)ExitCode.Configuration);

        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldContain(fault);
        _box.ReadCard(file).ShouldBe(text + "\n");
        _box.Tools.Calls.ShouldNotContain(call => !call.StartsWith("agetty", StringComparison.Ordinal));
    }

    [Fact]
    public void A_million_values_in_each_other_are_refused()
    {
        _box.Given("user-data", new string('[', 200) + new string(']', 200));

        _box.Apply().ShouldBe((int)ExitCode.Configuration);

        _box.ReadCard("kuzzle-edge.txt").ShouldNotBeNull().ShouldContain("values within more than 32 others");
    }

    [Fact]
    public void The_three_files_of_Raspberry_Pi_OS_are_understood()
    {
        _box.Given("ssh", "").Given("userconf.txt", "joe:$6$salt$hash\r\n").Given("wpa_supplicant.conf", """
            ctrl_interface=DIR=/var/run/wpa_supplicant GROUP=netdev
            update_config=1
            country=GB

            network={
                ssid="Allotment"
                scan_ssid=1
                psk="a "quoted" secret"
                key_mgmt=WPA-PSK
            }
            """);

        _box.Apply().ShouldBe(0, _box.ReadCard("kuzzle-edge.txt"));

        _box.Tools.Calls.ShouldContain("chpasswd --encrypted < joe:$6$salt$hash");
        _box.Read("etc/ssh/sshd_config.d/40-first-boot.conf").ShouldBe("PasswordAuthentication yes\n");
        _box.Read(Wireless).ShouldNotBeNull().ShouldContain($"country=GB\nnetwork={{\n  ssid={Convert.ToHexStringLower("Allotment"u8)}\n  scan_ssid=1\n  key_mgmt=WPA-PSK SAE\n  ieee80211w=1\n  psk=\"a \"quoted\" secret\"\n}}");
        _box.ReadCard("ssh").ShouldBeNull();
        _box.ReadCard("wpa_supplicant.conf").ShouldBeNull();
    }

    [Fact]
    public void An_empty_file_named_ssh_opens_nothing_where_nobody_has_a_password()
    {
        _box.Given("ssh", "");

        _box.Apply().ShouldBe(0);

        _box.Read("etc/ssh/sshd_config.d/40-first-boot.conf").ShouldBeNull();
    }

    [Fact]
    public void Our_own_file_counts_more_than_all_of_them()
    {
        _box.Given("kuzzle-edge.toml", "hostname = \"ours\"").Given("user-data", UserData);

        _box.Apply().ShouldBe(0);

        _box.Read("etc/hostname").ShouldBe("ours\n");
        _box.Read("home/joe/.ssh/authorized_keys").ShouldBe(Key + "\n");
    }
}
