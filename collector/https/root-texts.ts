import type { Language } from '../../config/model/localized.ts';

/** What the page of the root says, for people who have never heard of a certificate. */
export interface RootTexts {
  readonly title: string;
  readonly why: string;
  readonly compare: string;
  readonly phone: string;
  readonly get: string;
  readonly getApple: string;
  readonly goOn: string;
  readonly limits: string;
  readonly steps: readonly { readonly system: string; readonly how: readonly string[] }[];
}

export const ROOT_TEXTS: Readonly<Record<Language, RootTexts>> = {
  'zh-CN': {
    title: '让本机信任 Watchkeeper',
    why: '本系统的网页用机房自己的根证书加密。在每台电脑和手机上安装一次，浏览器就不再警告，摄像头和离线页面也能使用。',
    compare:
      '安装前，请把下面的 SHA-256 指纹与服务器启动时显示的指纹（或管理员给的打印件）逐字核对。不一致就不要安装，并通知管理员。',
    phone: '用手机扫描二维码打开本页。',
    get: '下载根证书（root.crt）',
    getApple: '下载描述文件（iPhone、iPad、Mac）',
    goOn: '安装好后打开加密页面',
    limits: '这张根证书只能证明机房内部的名称和私有地址，不能用来冒充互联网上的网站。',
    steps: [
      {
        system: 'Windows(Chrome、Edge)',
        how: [
          '下载 root.crt 并双击打开。',
          '点“安装证书”，选“本地计算机”。',
          '选“将所有的证书都放入下列存储”，浏览并选“受信任的根证书颁发机构”。',
          '完成后重新打开浏览器。',
        ],
      },
      {
        system: 'Android',
        how: [
          '下载 root.crt。',
          '打开“设置”→“安全”→“加密与凭据”→“安装证书”→“CA 证书”（各品牌名称略有不同）。',
          '仍要安装，然后选择下载的文件。',
        ],
      },
      {
        system: 'iPhone、iPad',
        how: [
          '用 Safari 下载描述文件并允许。',
          '打开“设置”→“已下载描述文件”→“安装”。',
          '再到“设置”→“通用”→“关于本机”→“证书信任设置”，打开这张根证书的开关。',
        ],
      },
      {
        system: 'Linux',
        how: [
          'Debian、Ubuntu、统信、麒麟：把 root.crt 复制到 /usr/local/share/ca-certificates/watchkeeper.crt，运行 sudo update-ca-certificates。',
          'openEuler、RHEL：复制到 /etc/pki/ca-trust/source/anchors/，运行 sudo update-ca-trust。',
          'Chrome 另需在“设置”→“隐私与安全”→“安全”→“管理证书”→“授权机构”中导入。',
        ],
      },
      {
        system: 'Firefox（任何系统）',
        how: [
          '打开“设置”→“隐私与安全”→“证书”→“查看证书”→“证书颁发机构”→“导入”。',
          '选择 root.crt，勾选“信任由此证书颁发机构来标识网站”。',
        ],
      },
    ],
  },
  en: {
    title: 'Make this device trust Watchkeeper',
    why: "The pages are secured by the room's own root certificate. Install it once on each PC and phone: browsers stop warning, and the camera and pages without a network work.",
    compare:
      'Before you install it, compare this SHA-256 fingerprint with the one that the server prints when it starts (or with the paper of the administrator). If one sign differs, do not install it and tell the administrator.',
    phone: 'Open this page on a phone with the QR code.',
    get: 'Get the root certificate (root.crt)',
    getApple: 'Get the profile (iPhone, iPad, Mac)',
    goOn: 'When it is installed, open the secured pages',
    limits:
      'This root can vouch only for names of the room and private addresses, never for sites of the internet.',
    steps: [
      {
        system: 'Windows (Chrome, Edge)',
        how: [
          'Get root.crt and open it with a double click.',
          'Press “Install Certificate” and choose “Local Machine”.',
          'Choose “Place all certificates in the following store” and “Trusted Root Certification Authorities”.',
          'Close the browser and open it again.',
        ],
      },
      {
        system: 'Android',
        how: [
          'Get root.crt.',
          'Open Settings, Security, Encryption & credentials, Install a certificate, CA certificate (makers name it a little differently).',
          'Choose “Install anyway” and the file.',
        ],
      },
      {
        system: 'iPhone, iPad',
        how: [
          'Get the profile with Safari and allow it.',
          'Open Settings, Profile Downloaded, Install.',
          'Open Settings, General, About, Certificate Trust Settings and switch this root on.',
        ],
      },
      {
        system: 'Linux',
        how: [
          'Debian, Ubuntu: copy root.crt to /usr/local/share/ca-certificates/watchkeeper.crt and run sudo update-ca-certificates.',
          'openEuler, RHEL: copy it to /etc/pki/ca-trust/source/anchors/ and run sudo update-ca-trust.',
          'Chrome needs it in Settings, Privacy and security, Security, Manage certificates, Authorities, too.',
        ],
      },
      {
        system: 'Firefox (any system)',
        how: [
          'Open Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import.',
          'Choose root.crt and tick “Trust this CA to identify websites”.',
        ],
      },
    ],
  },
};
